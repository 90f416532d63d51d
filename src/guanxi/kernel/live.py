"""Tells open pages what to look at again: topics only, never data."""

import json
from collections.abc import Iterable

from guanxi.kernel.storing import Call, add_together

CHANNEL = "guanxi_live"
MOST = 40


def touch(topics: Iterable[str]) -> None:
    """Announce with the commit that something under these topics changed."""
    if calls := announced(topics):
        add_together([], *calls)


def announced(topics: Iterable[str]) -> list[Call]:
    """What is to be called for it; many topics become one per kind. The database keeps it until the commit."""
    named = sorted(set(topics))
    if len(named) > MOST:
        named = sorted({topic.partition(":")[0] for topic in named})[:MOST]
    return [("pg_notify(%s, %s)", [CHANNEL, json.dumps({"topics": named})])] if named else []
