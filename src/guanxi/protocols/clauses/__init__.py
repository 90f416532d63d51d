"""Single promises: text, number, scope, owner, and the figure that shows whether they are kept."""
