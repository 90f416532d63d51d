"""All contact that we begin."""
