"""Who we are: name, language, zone, currency, line of work."""
