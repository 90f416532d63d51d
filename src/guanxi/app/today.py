"""Today: what is due, who waits, what is about to break, what changed; each line leads to the act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, IntegerField, Max, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.channels.conversations.models import Conversation
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import reaches, veiled, visible_to
from guanxi.kernel.actor import Actor, Level, Origin, Reach
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.masks import BEHIND
from guanxi.kernel.models import EventEntry
from guanxi.kernel.operations import of_noun
from guanxi.kernel.records import of_name, type_of
from guanxi.kernel.rows import labels
from guanxi.kernel.time import now
from guanxi.kernel.words import say, words
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.todos.models import Todo

router = Router(tags=["today"])
MOST, SHOWN = 100, 20
NEAR = timedelta(hours=2)
LATELY = timedelta(hours=24)
Scope = Literal["me", "team"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to see to: a sentence, whom it concerns, when, and what can be done about it."""

    kind: str
    text: str
    at: datetime | None = None
    due_at: datetime | None = None
    late: bool = False
    link: dict[str, str] | None = None
    who: dict[str, str] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some lines, and how many there are of them, counted up to a hundred."""

    n: int
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks, for whom, at which moment."""

    actor: Actor
    scope: Scope
    at: datetime

    def mine(self, rows: QuerySet[Any], *, nobodys: bool = False) -> QuerySet[Any]:
        """Of these rows one's own, with `nobodys` also those nobody took yet; all that one sees, for a team."""
        if self.scope == "team":
            return rows
        own = Q(owner_id=self.actor.id)
        return rows.filter(own | Q(owner=None) if nobodys else own)

    @property
    def end_of_day(self) -> datetime:
        """When today ends for who asks."""
        zone = ZoneInfo(self.actor.zone)
        tomorrow = self.at.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), tzinfo=zone)


def due(asked: Asked) -> Part:
    """To-dos of today and those that are late, the oldest first."""
    rows = visible_to(asked.actor, Todo).filter(done_at=None, archived_at=None, due_at__lt=asked.end_of_day)
    rows = asked.mine(rows).order_by("due_at", "pk")
    return _records(asked, "todo", rows, lambda row: row.subject, ("subject",), due_at="due_at")


def waiting(asked: Asked) -> Part:
    """Conversations in which somebody waits for an answer, who waits longest first."""
    rows = visible_to(asked.actor, Conversation).filter(waiting_since__isnull=False, status="open", archived_at=None)
    rows = asked.mine(rows, nobodys=True).order_by("waiting_since", "pk")
    return _records(asked, "conversation", rows, _called, ("subject", "last_words", "with_name"), at="waiting_since")


def breaking(asked: Asked) -> Part:
    """Matters whose next promise falls due within two hours or is broken already, the most urgent first."""
    rows = visible_to(asked.actor, Ticket).filter(archived_at=None, next_due_at__lte=asked.at + NEAR)
    rows = asked.mine(rows, nobodys=True).order_by("next_due_at", "pk")
    return _records(asked, "ticket", rows, _numbered, ("number", "subject"), due_at="next_due_at")


def changed(asked: Asked) -> Part:
    """Who came into segments and went out of them, and imports that ended, of the last day, newest first."""
    names = [name for name, noun in _CHANGES.items() if asked.actor.reach(f"{noun}.read") == Reach.ALL]
    told = EventEntry.objects.filter(name__in=names, occurred_at__gt=asked.at - LATELY, origin__in=SHOWN_ORIGINS)
    found = (
        told.annotate(
            of=Coalesce(KeyTextTransform("segment_id", "payload"), KeyTextTransform("import_id", "payload")),
            called=KeyTextTransform("segment", "payload"),
        )
        .values("name", "of", "called")
        .annotate(n=Count("pk"), last=Max("occurred_at"), rows=Sum(_written()))
        .order_by("-last", "of")
    )
    groups = list(found[: MOST + 1])
    return Part(n=min(len(groups), MOST), lines=[_change(asked, dict(group)) for group in groups[:SHOWN]])


_CHANGES = {
    "customers.segment_entered": "customers.segment",
    "customers.segment_left": "customers.segment",
    "workspace.import_ended": "workspace.import",
}
SHOWN_ORIGINS = (Origin.LIVE, Origin.IMPORT, Origin.SIMULATION)


def _written() -> Any:
    """How many rows an import wrote."""
    number = IntegerField()
    return Cast(KeyTextTransform("created", "payload"), number) + Cast(KeyTextTransform("updated", "payload"), number)


def _change(asked: Asked, group: dict[str, Any]) -> Line:
    noun = _CHANGES[group["name"]]
    named = asked.actor.level("customers.segment.name") >= Level.READ
    called = group["called"] or ""
    called = words(asked.actor.language).get(f"value.segment.{called}", called)
    values = {"n": group["n"], "segment": called if named else called and BEHIND, "rows": group["rows"] or 0}
    return Line(
        kind=noun.rpartition(".")[2],
        text=say(f"today.{group['name'].rpartition('.')[2]}", asked.actor.language, **values),
        at=group["last"],
        link={"plural": of_name(noun).plural, "id": str(group["of"])},
        values=values,
    )


@router.get("/today", operation_id="get_today")
def get_today(request: HttpRequest, scope: Scope = "me") -> HttpResponse:
    """Everything that wants to be seen to now; `scope` me for one's own, team for all that one sees."""
    asked = Asked(actor=actor_of(request), scope=scope, at=now())
    return answer({"scope": scope, **{name: look(asked) for name, look in PARTS.items()}})


PARTS: dict[str, Callable[[Asked], Part]] = {
    "due": due,
    "waiting": waiting,
    "breaking": breaking,
    "changed": changed,
}


OF_A_LINE = ("customer_id", "owner_id", "team_id")


def _records(
    asked: Asked, kind: str, rows: QuerySet[Any], text: Callable[[Any], str], said: tuple[str, ...], **times: str
) -> Part:
    """Lines about records, each with the name of its customer where the reader sees who that is."""
    wanted = {"id", *OF_A_LINE, *said, *times.values()}
    read = [field.attname for field in rows.model._meta.concrete_fields if field.attname in wanted]
    found = list(rows.values_list(*read)[: MOST + 1])
    behind = dict.fromkeys(set(said) & veiled(asked.actor, type_of(rows.model)).keys(), BEHIND)
    shown = [rows.model.from_db(rows.db, read, values) for values in found[:SHOWN]]
    for row in shown:
        vars(row).update(behind)
    ids = {row.customer_id for row in shown} - {None}
    called = labels(asked.actor, type_of(Customer), ids) if ids else {}

    def line(row: Any) -> Line:
        moments = {name: getattr(row, column) for name, column in times.items()}
        return _line(asked, kind, row, text(row), called, **moments)

    return Part(n=min(len(found), MOST), lines=[line(row) for row in shown])


def _line(
    asked: Asked,
    kind: str,
    row: Any,
    text: str,
    called: dict[UUID, str],
    *,
    due_at: datetime | None = None,
    **more: Any,
) -> Line:
    """A line about a record, with the verbs that may be used on it."""
    kinds = type_of(type(row))
    verbs = [one.name for one in of_noun(kinds.name) if one.subject and reaches(asked.actor, one.name, row)]
    who = row.customer_id
    return Line(
        kind=kind,
        text=text,
        due_at=due_at,
        late=due_at is not None and due_at < asked.at,
        link={"plural": kinds.plural, "id": str(row.pk)},
        who={"plural": "customers", "id": str(who), "label": called.get(who, "")} if who else None,
        operations=verbs,
        **more,
    )


def _called(talk: Conversation) -> str:
    return talk.subject or talk.last_words or talk.with_name


def _numbered(ticket: Ticket) -> str:
    return f"{ticket.number} {ticket.subject}"
