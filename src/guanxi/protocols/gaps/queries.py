"""What the company does with customers, held against what the clauses in force speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.lookups import Exact, In

from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate.models import Approach
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.cases import Measure, subjects_of
from guanxi.kernel.conditions.queries import compiled
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.gaps import rules
from guanxi.protocols.gaps.rules import LOOKED_BACK, STARTED, WATCHED, Kind
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.teams.models import Team

FEW = 3
CALLED: dict[str, str] = {
    "channel": "channels.conversation.channel",
    "ticket_kind": "service.ticket.kind",
    "purpose": "channels.delivery.purpose",
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that a clause should speak of: its kind, its value, and the message id or name it is called by."""

    kind: Kind
    value: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Uncovered:
    """A thing no clause in force speaks of, or only in part, with the recent cases that fall under none."""

    thing: Thing
    partly: bool
    cases: int


def things(at: datetime) -> list[Thing]:
    """What there is now: channels, teams that answer, kinds of tickets, purposes of what we start."""
    reading = {"email"} if Mailbox.objects.filter(archived_at=None).exists() else set()
    found: dict[Kind, set[str]] = {kind: set() for kind in WATCHED}
    for kind, some in _places(at).items():
        for rows, column in some:
            found[kind] |= {str(one) for one in rows.order_by().values_list(column, flat=True).distinct() if one}
    teams = Team.objects.filter(pk__in=found.pop("team")).order_by("name")
    found["channel"] |= reading
    return [
        *(Thing(kind=k, value=one, what=f"{CALLED[k]}.{one}") for k, some in found.items() for one in sorted(some)),
        *(Thing(kind="team", value=str(team.pk), what=team.name) for team in teams),
    ]


def is_new(kind: Kind, value: str, at: datetime) -> bool:
    """Whether a thing has only just turned up: of what there is much of, nobody looks at every single one."""
    some = (rows.filter(**{column: value})[:FEW].count() for rows, column in _places(at)[kind])
    return sum(some) < FEW


def _places(at: datetime) -> "dict[Kind, list[tuple[QuerySet[Any], str]]]":
    """Where the things of a kind are found: recent rows, and the column that names the thing."""
    since = at - LOOKED_BACK
    said, came = Message.objects.filter(at__gte=since), Ticket.objects.filter(received_at__gte=since)
    return {
        "channel": [(said, "channel"), (came, "channel")],
        "team": [(Conversation.objects.filter(last_message_at__gte=since), "team"), (came, "team")],
        "ticket_kind": [(came, "kind")],
        "purpose": [(Approach.objects.filter(at__gte=since, purpose__in=STARTED), "purpose")],
    }


def uncovered(at: datetime) -> list[Uncovered]:
    """The things that are there and not covered, in the order of their kinds."""
    clauses = list(Clause.objects.filter(in_version__status="published", in_version__protocol__archived_at=None))
    promising = [clause for clause in clauses if clause.standard or clause.target_share is not None]
    found = (_of(thing, promising, at) for thing in things(at))
    return [one for one in found if one is not None]


def _of(thing: Thing, clauses: Sequence[Clause], at: datetime) -> Uncovered | None:
    spoken = [(clause, _covers(clause, thing)) for clause in clauses]
    if any(answer for _, answer in spoken):
        return None
    in_part = [clause for clause, answer in spoken if answer is None]
    measure = rules.beginning(thing.kind, thing.value).measure
    nouns = {measures.noun_of(clause.measure).name for clause in in_part} or {measures.noun_of(measure).name}
    cases = min(_beside(thing, noun, in_part, at) for noun in nouns)
    if in_part and not cases:
        return None
    return Uncovered(thing=thing, partly=bool(in_part), cases=cases)


def _covers(clause: Clause, thing: Thing) -> bool | None:
    """Whether a clause speaks of all that happens with a thing, of none of it, or (None) of some."""
    watch = WATCHED[thing.kind]
    if not clause.measure:
        return clause.standard in watch.standards
    if clause.measure not in measures.measures():
        return False
    measure = measures.of_name(clause.measure)
    subjects = subjects_of(measure)
    fits = subjects.record.name in watch.counted and watch.split in subjects.dimensions
    if not fits or (watch.timed and measure.unit != "seconds"):
        return False
    confined = _confined(measure)
    if thing.value not in confined.get(watch.split, {thing.value}):
        return False
    answer = rules.speaks_of(clause.scope, {_field(subjects.dimensions[watch.split]): thing.value})
    return None if answer and confined.keys() - {watch.split} else answer


def _field(path: str) -> str:
    """A dimension's path of columns as conditions write it."""
    return path.removesuffix("_id").replace("__", ".")


def _confined(measure: Measure) -> dict[str, set[str]]:
    """The values to which a figure is confined by its own definition, by dimension: complaints, mail."""
    subjects = subjects_of(measure)
    columns = {path.removesuffix("_id"): name for name, path in subjects.dimensions.items()}
    where = subjects.rows.query.where
    found: dict[str, set[str]] = {}
    for part in where.children if where.connector == "AND" and not where.negated else ():
        if isinstance(part, Exact | In) and (name := columns.get(getattr(part.lhs, "target", part.lhs).name)):
            wanted: Any = part.rhs if isinstance(part, In) else [part.rhs]
            found[name] = {str(value) for value in wanted}
    return found


def _beside(thing: Thing, noun: str, clauses: Sequence[Clause], at: datetime) -> int:
    """How many recent cases of a thing, as rows of a noun, fall under none of the clauses."""
    watch = WATCHED[thing.kind]
    subjects = subjects_of(measures.of_name(watch.counted[noun]))
    path = subjects.dimensions[watch.split]
    rows = subjects.rows.filter(**{path: thing.value, f"{subjects.at}__gte": at - LOOKED_BACK})
    for clause in clauses:
        under = subjects_of(measures.of_name(clause.measure))
        if under.record == subjects.record:
            scoped = under.rows.filter(compiled(SYSTEM, clause.scope, under.record))
            rows = rows.exclude(pk__in=scoped.order_by().values("pk"))
    return int(rows.count())
