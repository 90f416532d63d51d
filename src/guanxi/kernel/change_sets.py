"""Change-sets: what one operation wrote, together or not at all, and can be undone together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.storing import add
from guanxi.kernel.time import now


def begin(actor: Actor, operation: str) -> Actor:
    """The actor writing into a change-set of its own; one that already writes into one goes on with it.

    A sample company is one change-set, whatever becomes of it later: leaving it is one undo.
    """
    acting, new = opened(actor, operation)
    add(ChangeSet, new)
    return acting


@contextmanager
def begun(actor: Actor, operation: str) -> Iterator[Actor]:
    """All or nothing of an operation, whose change-set is written with its first rows, or else at its end."""
    with whole(actor):
        if actor.change_set:
            yield actor
            return
        acting, new = opened(actor, operation)
        token = _waiting.set((new, _depth()))
        try:
            yield acting
            add(ChangeSet, new)
        finally:
            _waiting.reset(token)


def opened(actor: Actor, operation: str) -> tuple[Actor, list[ChangeSet]]:
    """The same for who writes at once what `begin` leaves to them: the change-set, if one is still to be written."""
    if actor.change_set:
        return actor, _taken()
    if actor.origin is Origin.SIMULATION:
        sample = ChangeSet.objects.filter(origin=Origin.SIMULATION, undone_by=None).order_by("at").first()
        if sample:
            return actor.under(sample.pk), []
    new = ChangeSet(operation=operation, at=now(), origin=actor.origin, actor_kind=actor.kind, actor_id=actor.id)
    return actor.under(new.id), [new]


def whole(actor: Actor) -> transaction.Atomic:
    """All or nothing; within a change-set the whole of it, so that no write pays for a savepoint of its own."""
    return transaction.atomic(savepoint=actor.change_set is None)


_waiting: ContextVar[tuple[list[ChangeSet], int]] = ContextVar("change_set_to_write", default=([], 0))
"""The change-set that is still to be written, and within how many savepoints: nothing may take it back alone."""


def _depth() -> int:
    return sum(name is not None for name in connection.savepoint_ids)


def _taken() -> list[ChangeSet]:
    new, depth = _waiting.get()
    found = new[:] if new and depth == _depth() else []
    del new[: len(found)]
    return found
