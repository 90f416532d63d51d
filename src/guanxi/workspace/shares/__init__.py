"""Single records given to somebody who would not see them, for as long as they need them."""
