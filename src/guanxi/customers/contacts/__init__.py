"""Who belongs to which organisation, and as what."""
