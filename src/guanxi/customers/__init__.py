"""Who the customers are, how they are reached and what they allowed."""
