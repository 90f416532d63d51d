"""What a to-do needs before it is done or put off."""

from datetime import datetime

from guanxi.lib.errors import Conflict, Invalid

NEEDS_RESULT = ("call", "visit")


def require_open(done_at: datetime | None) -> None:
    """Refuse to move what is already done."""
    if done_at is not None:
        raise Conflict("todo.already_done", at=done_at)


def require_result(kind: str, result: str) -> None:
    """A talk with a customer is done when it is known what came of it."""
    if kind in NEEDS_RESULT and not result.strip():
        raise Invalid("todo.needs_result", kind=kind)


def require_later(until: datetime, *, now: datetime) -> None:
    """Refuse to put something off into the past."""
    if until <= now:
        raise Invalid("todo.not_later", until=until)


def reminder(todo_id: object) -> str:
    """The key of the clock that reminds of a to-do."""
    return f"workspace.todo:{todo_id}"
