"""Teams as a tree: a right that goes below follows it."""
