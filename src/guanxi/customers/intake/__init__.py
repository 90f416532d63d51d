"""What comes in from files about customers who are known: who belongs to whom, and what they agreed to."""
