"""The catalogue of events: frozen types only, one file per domain."""
