"""SQL that the ORM wrote once, kept for whoever asks the same again: writing it takes as long as answering it."""

from collections.abc import Callable, Hashable
from typing import Any

Statement = tuple[str, tuple[Any, ...]]
MOST = 500
_kept: dict[Hashable, Statement] = {}


def kept(key: Hashable, write: Callable[[], Statement]) -> Statement:
    """The text under a key, which has to name all that it depends on: who asks, and when, stand in none of it."""
    found = _kept.get(key)
    if found is None:
        found = write()
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = found
    return found
