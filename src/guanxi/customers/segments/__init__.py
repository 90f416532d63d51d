"""Who belongs together: by condition, by hand, or everybody in exactly one class."""
