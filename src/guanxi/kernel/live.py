"""Tells open pages what to look at again: topics only, never data."""

import json
from collections.abc import Iterable

from django.db import connection, transaction

CHANNEL = "guanxi_live"
MOST = 40


def touch(topics: Iterable[str]) -> None:
    """Announce after commit that something under these topics changed; many become one `*`-topic per kind."""
    named = sorted(set(topics))
    if len(named) > MOST:
        named = sorted({topic.partition(":")[0] for topic in named})[:MOST]
    if named:
        transaction.on_commit(lambda: announce(named), robust=True)


def announce(topics: list[str]) -> None:
    """Say it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topics": topics})])
