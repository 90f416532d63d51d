"""Ways to reach somebody: numbers, addresses, accounts."""
