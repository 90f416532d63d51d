"""E-mail: mailboxes, what they receive and how they send."""
