"""Which errors of the database are its own trouble and pass, whatever was asked of it."""

import logging
from collections.abc import Callable
from functools import wraps
from random import uniform
from time import sleep
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection
from psycopg.errors import DeadlockDetected, SerializationFailure

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)
TIMES = 3
LONGEST_STEP = 0.2
"""Seconds that whoever was in the way gets at most to be gone."""

_PASSING = ("08", "40", "53", "55P03", "57P", "58")
"""SQLSTATE: no connection, taken back for another's sake, no room or memory, locked, being shut down, in- or output."""


def is_passing(problem: BaseException) -> bool:
    """Whether the same may work later: the database went away, its disk is full, somebody else was in the way."""
    if isinstance(problem, InterfaceError):
        return True
    state = getattr(problem.__cause__, "sqlstate", None)
    return isinstance(problem, OperationalError) and (state is None or state.startswith(_PASSING))


def stepping_aside(act: Callable[P, R]) -> Callable[P, R]:
    """What is one transaction, done again where it was taken back because two of them waited for each other."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TIMES - 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as problem:
                if connection.in_atomic_block or not isinstance(
                    problem.__cause__, DeadlockDetected | SerializationFailure
                ):
                    raise
                log.info("Done again, for another was in the way: %s", str(problem).splitlines()[:1])
                sleep(uniform(0, LONGEST_STEP))  # noqa: S311  nobody guesses it
        return act(*args, **kwargs)

    return run
