"""The key our conversation tokens are sealed with."""

import hashlib

from django.conf import settings


def conversation_key() -> bytes:
    """Derived from the key file, for this use alone."""
    return hashlib.sha256(b"channels.conversation.token:" + settings.SECRET_KEY.encode()).digest()
