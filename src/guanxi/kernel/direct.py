"""A session of one's own with the database: around a transaction pooler if there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections

_DJANGOS = ("cursor_factory", "context", "prepare_threshold")


def parameters() -> dict[str, Any]:
    """How psycopg reaches the database for what outlives a transaction: to listen, or to keep a lock."""
    direct = settings.DIRECT_DATABASE
    ours = connections["default"]
    place = type(ours)({**ours.settings_dict, **direct}, "direct") if direct else ours
    return {name: value for name, value in place.get_connection_params().items() if name not in _DJANGOS}


@contextmanager
def directly() -> Iterator[None]:
    """Within the block the statements of this thread go around the pooler, too."""
    ours, pooled = connections["default"], connections["default"].settings_dict
    if not settings.DIRECT_DATABASE:
        yield
        return
    ours.close()
    ours.settings_dict = {**pooled, **settings.DIRECT_DATABASE}
    try:
        yield
    finally:
        ours.close()
        ours.settings_dict = pooled
