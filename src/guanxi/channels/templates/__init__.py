"""Templates: letters with blanks, in the customer's language."""
