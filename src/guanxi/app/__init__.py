"""The composition root: it alone knows everybody, and holds no nouns and no thinking."""
