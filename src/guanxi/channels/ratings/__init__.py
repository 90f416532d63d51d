"""Ratings: how content customers said they were with a contact."""
