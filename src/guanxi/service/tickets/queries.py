"""Figures and lists of tickets: how fast, how many, and what is about to break."""

from datetime import timedelta

from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure
from guanxi.kernel.time import now
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.office_hours.queries import office_hours

SPLIT = {"team": "team_id", "agent": "owner_id", "channel": "channel", "kind": "kind"}
BY = tuple(SPLIT)


@measure("service.complaint.first_reply", unit="seconds", dimensions=BY, standard="service.complaint.first_reply")
def complaint_first_reply() -> Subjects:
    """Time from a complaint to the first answer by a person; receipts do not count."""
    return Subjects(
        rows=Ticket.objects.filter(kind=Ticket.Kind.COMPLAINT),
        at="complained_at",
        value=F("complaint_replied_at") - F("complained_at"),
        open_when=Q(complaint_replied_at=None),
        hours=office_hours,
        dimensions=SPLIT,
    )


@measure("service.ticket.first_reply", unit="seconds", dimensions=BY, standard="service.ticket.first_reply")
def ticket_first_reply() -> Subjects:
    """Time from the arrival of a matter to the first answer by a person; one that never came counts as missed."""
    return Subjects(
        rows=Ticket.objects.all(),
        at="received_at",
        value=F("first_human_reply_at") - F("received_at"),
        open_when=Q(first_human_reply_at=None),
        hours=office_hours,
        dimensions=SPLIT,
    )


@measure("service.ticket.time_to_solve", unit="seconds", dimensions=BY, standard="service.ticket.solved")
def time_to_solve() -> Subjects:
    """Time from the arrival of a matter to its solution; reopened, it runs on from the arrival."""
    return Subjects(
        rows=Ticket.objects.all(),
        at="received_at",
        value=F("solved_at") - F("received_at"),
        open_when=Q(solved_at=None),
        hours=office_hours,
        dimensions=SPLIT,
    )


@measure("service.ticket.solved_share", unit="share", dimensions=BY)
def solved_share() -> Subjects:
    """Of the matters that came in, the share that is solved by now."""
    return Subjects(
        rows=Ticket.objects.all(), at="received_at", value=_one_if(Q(solved_at__isnull=False)), dimensions=SPLIT
    )


@measure("service.ticket.reopened_share", unit="share", dimensions=BY)
def reopened_share() -> Subjects:
    """Of the matters that came in, the share that was not solved at the first go."""
    return Subjects(rows=Ticket.objects.all(), at="received_at", value=_one_if(Q(reopened__gt=0)), dimensions=SPLIT)


@measure("service.complaint_rate", unit="share", dimensions=("team", "agent", "channel"))
def complaint_rate() -> Subjects:
    """Of the matters that came in, the share that are complaints."""
    split = {name: path for name, path in SPLIT.items() if name != "kind"}
    return Subjects(
        rows=Ticket.objects.all(), at="received_at", value=_one_if(Q(kind=Ticket.Kind.COMPLAINT)), dimensions=split
    )


@measure("service.complaint.confirmed_share", unit="share", dimensions=("team", "agent", "channel"))
def confirmed_share() -> Subjects:
    """Of the complaints, the share whose settlement the customer confirmed; those in work are open."""
    split = {name: path for name, path in SPLIT.items() if name != "kind"}
    return Subjects(
        rows=Ticket.objects.filter(kind=Ticket.Kind.COMPLAINT),
        at="complained_at",
        value=_one_if(Q(status=Ticket.Status.CONFIRMED)),
        open_when=~Q(status__in=[Ticket.Status.SOLVED, Ticket.Status.CONFIRMED]),
        dimensions=split,
    )


def about_to_break(actor: Actor, *, within: timedelta) -> "QuerySet[Ticket]":
    """Tickets whose next promise falls due soon or is over already, the most urgent first."""
    running = visible_to(actor, Ticket).filter(archived_at=None, next_due_at__lte=now() + within)
    return running.order_by("next_due_at", "pk")


def open_matters(actor: Actor) -> "QuerySet[Ticket]":
    """Tickets that are not done, the most urgent first."""
    undone = visible_to(actor, Ticket).filter(archived_at=None, solved_at=None)
    return undone.order_by("next_due_at", "pk")


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
