"""From the catalogues to routes: lists, records, verbs, figures and search, generated and typed."""
