"""The one engine that waits, branches and acts; it knows no domain and runs what the catalogues offer."""
