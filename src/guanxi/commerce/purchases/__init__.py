"""What each customer bought so far, added up and written down for lists, conditions and segments."""
