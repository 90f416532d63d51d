"""Everything that a company needs on a new machine, in one sealed file, and back from it."""
