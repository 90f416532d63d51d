"""The connection to PostgreSQL; Django looks for a DatabaseWrapper in a module of this name."""

import select
from datetime import UTC, tzinfo
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import AdaptContext
from psycopg.pq import Format

_own: Any = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class _Times:
    """Reads times as the driver does, in C where it can: Django's own way costs eight times as much."""

    format = Format.TEXT
    timezone: tzinfo = UTC

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        self.load = _own(oid, context).load


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only where its socket says that something happened to it."""

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect, and how values are read there; times of our own database are all in UTC."""
        found: dict[str, Any] = super().get_connection_params()
        if self.timezone == UTC:
            found["context"].register_loader("timestamptz", _Times)
        return found

    def is_usable(self) -> bool:
        """Whether a kept connection still works: what ended it, a restart or a stroke, makes its socket readable."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
