"""A text of one's own: taken apart into clauses, its numbers recognised and bound to what the company promises."""
