"""What a secret looks like and what is kept of it."""

import hashlib
import secrets
from datetime import timedelta

PREFIX = {"session": "gs_", "access": "gx_"}
SESSION_LASTS = timedelta(days=14)


def new_secret(kind: str) -> str:
    """A fresh secret of 256 bits."""
    return PREFIX[kind] + secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is kept of a secret; it cannot be turned back."""
    return hashlib.sha256(secret.encode()).digest()
