"""The rules of the house, as the company chooses them."""
