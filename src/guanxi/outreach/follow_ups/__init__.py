"""How it is after an order: asked in time, by a person or a letter."""
