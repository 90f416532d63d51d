"""The wire: what every channel adapter must offer and what travels through it."""
