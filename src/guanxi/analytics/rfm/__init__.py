"""How lately, how often and for how much each customer bought, against all other buyers."""
