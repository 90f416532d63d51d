"""Drafts: what somebody is writing to a customer and has not sent yet."""
