"""What makes journeys begin, wake up and stop: events, days, rounds."""
