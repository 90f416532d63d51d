"""Which errors of the database are its own trouble and pass, whatever was asked of it."""

from django.db import InterfaceError, OperationalError

_PASSING = ("08", "40", "53", "55P03", "57P", "58")
"""SQLSTATE: no connection, taken back for another's sake, no room or memory, locked, being shut down, in- or output."""


def is_passing(problem: BaseException) -> bool:
    """Whether the same may work later: the database went away, its disk is full, somebody else was in the way."""
    if isinstance(problem, InterfaceError):
        return True
    state = getattr(problem.__cause__, "sqlstate", None)
    return isinstance(problem, OperationalError) and (state is None or state.startswith(_PASSING))
