"""The keys our conversation tokens are sealed with."""

import hashlib

from guanxi.kernel.secrets import keys


def conversation_keys() -> list[bytes]:
    """Derived from the key file, for this use alone: the newest seals, all of them open what comes back."""
    return [hashlib.sha256(b"channels.conversation.token:" + key.encode()).digest() for key in keys()]
