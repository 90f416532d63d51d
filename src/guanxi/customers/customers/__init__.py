"""People and organisations, from the first touch on."""
