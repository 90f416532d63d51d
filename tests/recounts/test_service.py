"""Every figure of service equals its recount, also after a promise changed in the middle."""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.measures import measures
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.lib.calendar import Calendar, add_workdays, add_working
from guanxi.service.tickets import operations
from tests.client import Api
from tests.factories import service as make
from tests.factories import workspace
from tests.recounts.figures import require_recounts
from tests.recounts.service import RECOUNTS

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHANGED = BEGIN + timedelta(days=5)
IN_OFFICE = BEGIN + timedelta(days=6)
IN_DAYS = BEGIN + timedelta(days=8)
OFFICE = Calendar(ZoneInfo("UTC"), dict.fromkeys(range(5), ((time(9), time(18)),)))
DAYS = 10
PROMISES = ("service.complaint.first_reply", "service.ticket.first_reply", "service.ticket.solved")


def limit(at: datetime) -> float:
    """24 hours, from the sixth day on 12, from the seventh on 4 office hours, from the ninth on a working day."""
    if at >= IN_DAYS:
        return (add_workdays(at, 1, OFFICE) - at).total_seconds()
    if at >= IN_OFFICE:
        return (add_working(at, timedelta(hours=4), OFFICE) - at).total_seconds()
    return (12 if at >= CHANGED else 24) * 3600


def a_few_days(clock, dice: random.Random, users: list) -> None:
    """Matters come in and are worked on, some late, some never."""
    todo: list[tuple[datetime, int, str, operations.UUID]] = []
    for hour in range(DAYS * 24):
        moment = BEGIN + timedelta(hours=hour)
        clock.move(moment)
        for name in PROMISES:
            if moment == CHANGED:
                choose(SYSTEM, name, 12, source="clause:test")
            elif moment == IN_OFFICE:
                choose(SYSTEM, name, 4, source="clause:test", counted_in="office")
            elif moment == IN_DAYS:
                choose(SYSTEM, name, 24, source="clause:test", counted_in="workdays")
        if dice.random() < 0.3:
            kind = dice.choice(["enquiry", "enquiry", "request", "complaint"])
            channel = dice.choice(["email", "email", "phone"])
            ticket = make.ticket(kind=kind, channel=channel, owner=dice.choice(users).pk)
            for delay, verb in ((3, "note_reply"), (9, "solve"), (15, "end"), (18, "reopen")):
                if dice.random() < 0.85:
                    todo.append((moment + timedelta(hours=delay * dice.randint(1, 5)), len(todo), verb, ticket.pk))
        for due in sorted(one for one in todo if one[0] <= moment):
            todo.remove(due)
            attempt(due[2], due[3], dice)


def attempt(verb: str, id, dice: random.Random) -> None:
    """Do it where the process allows it."""
    ticket = operations.Ticket.objects.get(pk=id)
    if verb == "end":
        verb = "confirm" if ticket.kind == "complaint" else "close"
    if verb == "reopen" and dice.random() < 0.7:
        return
    try:
        getattr(operations, verb)(SYSTEM, id)
    except operations.rules.Conflict:
        return


def test_every_figure_of_service_has_a_recount():
    require_recounts("service", RECOUNTS)


def test_figures_equal_their_recounts_in_all_and_by_agent_kind_and_channel():
    seed = 20260302
    with frozen(BEGIN) as clock:
        users = [workspace.user("agent") for _ in range(3)]
        a_few_days(clock, random.Random(seed), users)
        api = Api(workspace.user("owner"))
        rows = api.get("tickets", limit=200)["rows"]
        assert 50 < len(rows) < 200
        for name, recount in RECOUNTS.items():
            said = api.get(f"measures/{name}", start=BEGIN.isoformat(), end=clock.at.isoformat())["total"]
            inside = [row for row in rows if datetime.fromisoformat(row["received_at"]) < clock.at]
            assert_same(said, recount(inside, limit, clock.at), name)
            for dimension, field in (("agent", "owner"), ("kind", "kind"), ("channel", "channel")):
                if dimension in measures()[name].dimensions:
                    groups = api.get(f"measures/{name}", by=dimension)["groups"]
                    for group in groups:
                        of_group = [row for row in rows if key(row[field]) == group["key"]]
                        assert_same(group, recount(of_group, limit, clock.at), (name, group["key"]))


def key(value):
    """What a group is called: the id of a record, or the value itself."""
    return value["id"] if isinstance(value, dict) else value


def assert_same(said, counted, what) -> None:
    """Counts to the last one, averages to a thousandth of a second."""
    for part, value in counted.items():
        if part == "share" and said[part] is None:
            assert value is None, (what, part)
        elif isinstance(value, float):
            assert said[part] == pytest.approx(value, abs=1e-3), (what, part)
        else:
            assert said[part] == value, (what, part, said, counted)
