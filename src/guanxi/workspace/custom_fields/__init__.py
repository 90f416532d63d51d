"""The fields that the company adds to what the product knows."""
