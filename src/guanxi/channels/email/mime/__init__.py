"""Mail as bytes: reading the worst, writing the cleanest; no Django, no network, no clock."""
