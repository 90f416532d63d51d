"""Mail of every kind that reaches a company, made up here: each with what must be seen of it in the inbox."""
