"""The verbs of to-dos."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guanxi.events.workspace import TodoAdded, TodoDone, TodoDue, TodoReassigned
from guanxi.kernel import clocks
from guanxi.kernel.access import get
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.records import of_name
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create, create_many
from guanxi.lib.errors import Invalid
from guanxi.workspace.todos import rules
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.users.models import User

Kind = Literal["call", "visit", "follow_up", "check", "other"]


@operation("workspace.todo.add")
def add_todo(
    actor: Actor,
    *,
    subject: str,
    kind: Kind = "other",
    due_at: datetime | None = None,
    note: str = "",
    owner: UUID | None = None,
    customer: UUID | None = None,
    about: str = "",
    about_id: UUID | None = None,
    source: str | None = None,
) -> Todo:
    """Note what somebody has to do; the same source makes one to-do of whoever asks, however often it is asked for."""
    values: dict[str, Any] = {"owner_id": owner} if owner else {}
    return _added(
        actor, source=actor.own(source) if source else None, subject=subject.strip()[:300], kind=kind, due_at=due_at,
        note=note, customer_id=customer, about=about, about_id=about_id, **values,
    )  # fmt: skip


def add_todo_of(
    actor: Actor, *, source: str, subject: str, owner: UUID | None, customer: UUID | None = None, **values: Any
) -> Todo:
    """Note what the house asks of somebody, for the floors above: once for each source, which nobody takes first."""
    whose = {"owner_id": owner} if owner else {}
    return _added(actor, source=source, subject=subject.strip()[:300], customer_id=customer, **whose, **values)


def _added(actor: Actor, *, source: str | None, **values: Any) -> Todo:
    known = source and Todo.objects.filter(source=source).first()
    if known:
        return get(actor, Todo, known.pk)  # whoever asks for what is there already has to see it
    if values.get("about") and values.get("about_id"):
        get(actor, of_name(values["about"]).model, values["about_id"])
    todo = create(actor, Todo, using="workspace.todo.add", source=source, **values)
    _tell_and_remind(actor, [todo])
    return todo


def add_todos(actor: Actor, rows: Iterable[dict[str, Any]]) -> int:
    """Note many to-dos at once, each with a source; those that are already there stay alone. Returns how many."""
    wanted = {row["source"]: row for row in rows}
    known = Todo.objects.filter(source__in=list(wanted)).values_list("source", flat=True)
    fresh = [row for source, row in wanted.items() if source not in set(known)]
    _tell_and_remind(actor, create_many(actor, Todo, fresh, using="workspace.todo.add") if fresh else [])
    return len(fresh)


@operation("workspace.todo.complete")
def complete_todo(actor: Actor, todo_id: UUID, *, result: str = "") -> Todo:
    """Tick off a to-do; after a call or a visit with what came of it."""
    with change(Todo, todo_id, by=actor, using="workspace.todo.complete") as todo:
        rules.require_open(todo.done_at)
        rules.require_result(todo.kind, result)
        todo.done_at, todo.result = now(), result.strip()
        todo.emit(
            TodoDone(
                todo_id=todo.pk,
                owner_id=todo.owner_id,
                customer_id=todo.customer_id,
                about_id=todo.about_id,
                kind=todo.kind,
                subject=todo.subject,
                result=todo.result,
            )
        )
    clocks.stop(rules.reminder(todo_id))
    return todo


@operation("workspace.todo.snooze")
def snooze_todo(actor: Actor, todo_id: UUID, *, until: datetime) -> Todo:
    """Put a to-do off until a time."""
    with change(Todo, todo_id, by=actor, using="workspace.todo.snooze") as todo:
        rules.require_open(todo.done_at)
        rules.require_later(until, now=now())
        todo.due_at = until
    _remind(actor, todo)
    return todo


@operation("workspace.todo.reassign")
def reassign_todo(actor: Actor, todo_id: UUID, *, to: UUID) -> Todo:
    """Give a to-do to somebody else."""
    with change(Todo, todo_id, by=actor, using="workspace.todo.reassign") as todo:
        rules.require_open(todo.done_at)
        receiver = User.objects.filter(pk=to, archived_at=None).first()
        if receiver is None:
            raise Invalid("todo.unknown_owner", id=str(to))
        before, todo.owner, todo.team_id = todo.owner_id, receiver, receiver.team_id
        if before != to:
            todo.emit(
                TodoReassigned(
                    todo_id=todo.pk,
                    owner_id=to,
                    before_id=before,
                    customer_id=todo.customer_id,
                    subject=todo.subject,
                )
            )
    return todo


def _tell_and_remind(actor: Actor, todos: list[Todo]) -> None:
    added = (
        TodoAdded(
            todo_id=todo.pk, owner_id=todo.owner_id, customer_id=todo.customer_id, kind=todo.kind, subject=todo.subject
        )
        for todo in todos
    )
    emit(actor, *added)
    for todo in todos:
        _remind(actor, todo)


@clocks.of_noun("workspace.todo")
def remind_anew(ids: Collection[UUID]) -> None:
    """After an undo a to-do that was done or put off is due when it was before."""
    for todo in Todo.objects.filter(pk__among=ids):
        clocks.stop(rules.reminder(todo.pk))
        if todo.done_at is None:
            _remind(SYSTEM.as_origin(Origin(todo.origin)), todo)


def _remind(actor: Actor, todo: Todo) -> None:
    if todo.due_at is not None:
        due = TodoDue(todo_id=todo.pk, customer_id=todo.customer_id, subject=todo.subject)
        clocks.start(rules.reminder(todo.pk), todo.due_at, due, origin=actor.origin)
