"""Gaps open and close with what happens and with what is published; set aside they stay so until taken up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guanxi.channels.gate.models import Approach
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry, new_id
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.protocols.gaps.jobs import watch_gaps
from guanxi.protocols.gaps.models import Gap
from guanxi.protocols.gaps.operations import look, set_aside, take_up, watch
from guanxi.protocols.protocols.operations import add_clause, draft_version, publish_version
from tests.client import Api
from tests.factories import channels, service, workspace
from tests.factories import protocols as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPLY, MAIL = "service.ticket.first_reply", "channels.mail.acknowledged"


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


def published(*clauses: dict, into=None):
    """A protocol in force that promises these, or its next version with these as well."""
    draft = draft_version(SYSTEM, into.protocol_id) if into else make.version()
    for one in clauses:
        given = {"section": "mail", "text": {"en": "We answer."}, "measure": REPLY, "standard": REPLY}
        add_clause(SYSTEM, draft.pk, **{**given, "value": Decimal(24), **one})
    return publish_version(SYSTEM, draft.pk)


def field(name: str, value: object, op: str = "is") -> dict:
    """A scope of one field."""
    return {"field": name, "op": op, "value": value}


def standing() -> dict[str, tuple[bool, int]]:
    """What is open now: whether in part, and how many cases."""
    watch(SYSTEM)
    return {gap.value: (gap.partly, gap.cases) for gap in Gap.objects.filter(closed_at=None)}


def test_without_a_protocol_everything_there_is_is_a_gap():
    team = workspace.team("South")
    service.ticket(channel="phone", team=team.pk, kind="request")
    channels.mailbox()
    person = channels.customer()
    Approach.objects.create(customer=person, at=NINE, channel="email", purpose="survey", source_id=new_id())
    Approach.objects.create(customer=person, at=NINE, channel="email", purpose="reply", source_id=new_id())
    assert standing() == {
        "email": (False, 0), "phone": (False, 1), "request": (False, 1), str(team.pk): (False, 1), "survey": (False, 0),
    }  # fmt: skip


def test_one_promise_for_everybody_covers_channels_teams_and_kinds():
    service.ticket(channel="phone", team=workspace.team("South").pk)
    published({})
    assert standing() == {}


@pytest.mark.parametrize(
    ("clause", "left"),
    [
        ({"scope": field("channel", "phone")}, {"email": (False, 1)}),
        ({"scope": field("channel", ["phone", "email"], "in")}, {}),
        ({"scope": field("priority", "high")}, {"email": (True, 1), "phone": (True, 1)}),
        ({"scope": field("priority", "normal")}, {}),
        ({"measure": MAIL, "standard": MAIL}, {"phone": (False, 1)}),
        ({"measure": "service.complaint.first_reply", "standard": "service.complaint.first_reply"},
         {"email": (True, 1), "phone": (True, 1)}),
        ({"measure": "service.ticket.solved_share", "standard": "", "value": None, "target_share": Decimal("0.9")},
         {"email": (False, 1), "phone": (False, 1)}),
        ({"standard": "", "value": None}, {"email": (False, 1), "phone": (False, 1)}),
    ],
    ids=["one", "both", "only some", "all there were", "mail by definition", "complaints", "no time", "no number"],
)  # fmt: skip
def test_what_a_clause_leaves_uncovered(clause, left):
    channels.message(needs_answer=True)
    service.ticket(channel="email", priority="normal")
    service.ticket(channel="phone", priority="normal")
    published(clause)
    assert {value: told for value, told in standing().items() if value in ("email", "phone")} == left


def test_a_limit_on_contacts_bounds_every_purpose():
    Approach.objects.create(
        customer=channels.customer(), at=NINE, channel="email", purpose="survey", source_id=new_id()
    )
    assert standing() == {"survey": (False, 0)}
    published({"measure": "", "standard": "channels.gate.contacts_per_week", "value": Decimal(3)})
    assert standing() == {}


def test_the_first_call_shows_a_gap_at_once_and_the_clause_that_covers_it_closes_it():
    version = published({"scope": field("channel", "email")})
    drain()
    assert not Gap.objects.filter(closed_at=None, kind="channel").exists()
    service.ticket(channel="phone")
    drain()
    gap = Gap.objects.get(kind="channel")
    assert (gap.value, gap.closed_at, gap.cases) == ("phone", None, 1)
    published({"scope": field("channel", "phone"), "value": Decimal(4)}, into=version)
    drain()
    gap.refresh_from_db()
    assert gap.closed_at == NINE
    told = EventEntry.objects.filter(subjects__contains=[gap.pk]).order_by("id")
    assert [(one.name, one.payload["what"]) for one in told] == [
        ("protocols.gap_opened", "channels.conversation.channel.phone"),
        ("protocols.gap_closed", "channels.conversation.channel.phone"),
    ]


def test_what_has_not_happened_for_ninety_days_is_no_gap_any_more_and_may_be_one_again(clock):
    service.ticket(channel="phone")
    watch(SYSTEM)
    gap = Gap.objects.get(kind="channel")
    set_aside(workspace.actor("manager"), gap.pk, reason="Nobody calls twice.")
    clock.advance(timedelta(days=91))
    watch_gaps.function()
    gap.refresh_from_db()
    assert gap.closed_at == clock.at
    service.ticket(channel="phone")
    watch_gaps.function()
    gap.refresh_from_db()
    assert (gap.closed_at, gap.opened_at, gap.reason, gap.set_aside_at) == (None, clock.at, "", None)
    assert EventEntry.objects.filter(name="protocols.gap_opened", subjects__contains=[gap.pk]).count() == 2


def test_looking_twice_changes_nothing():
    service.ticket(channel="phone")
    assert watch(SYSTEM) == {"open": 2, "opened": 2, "closed": 0}
    with nothing_changes():
        assert look(SYSTEM) == {"open": 2, "opened": 0, "closed": 0}


def test_a_gap_is_set_aside_with_a_reason_and_taken_up_again():
    manager, gap = workspace.actor("manager"), make.gap(value="phone")
    with nothing_changes(), pytest.raises(Invalid, match="gap.needs_reason"):
        set_aside(manager, gap.pk, reason=" ")
    with nothing_changes(), pytest.raises(Conflict, match="gap.is_not_set_aside"):
        take_up(manager, gap.pk)
    aside = set_aside(manager, gap.pk, reason=" We have no telephone. ")
    assert (aside.reason, aside.set_aside_at, aside.set_aside_by_id) == ("We have no telephone.", NINE, manager.id)
    again = take_up(manager, gap.pk)
    assert (again.reason, again.set_aside_at, again.set_aside_by_id) == ("", None, None)
    Gap.objects.update(closed_at=NINE)
    with nothing_changes(), pytest.raises(Conflict, match="gap.is_closed"):
        set_aside(manager, gap.pk, reason="Late")


def test_who_may_not_does_not():
    gap, agent = make.gap(), workspace.actor("agent")
    for act in (lambda: watch(agent), lambda: set_aside(agent, gap.pk, reason="x"), lambda: take_up(agent, gap.pk)):
        with nothing_changes(), pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        set_aside(workspace.actor("manager"), new_id(), reason="x")


@pytest.mark.parametrize(
    ("language", "what", "sentence"),
    [
        (
            "en",
            "Phone",
            "Channel “Phone”: no clause promises how fast people are answered. 1 case in the last 90 days.",
        ),
        ("zh-Hans", "电话", "“电话”渠道：没有条款承诺多久回复客户。近 90 天共 1 件。"),
        ("zh-Hant", "電話", "「電話」管道：沒有條款承諾多久回覆客戶。近 90 天共 1 件。"),
    ],
)
def test_the_page_says_a_gap_and_with_what_a_clause_would_begin(language, what, sentence):
    version = published({"scope": field("channel", "email")})
    service.ticket(channel="phone")
    make.gap(kind="team", what="East", set_aside_at=NINE, reason="They only pack.")
    drain()
    page = Api(workspace.user("manager", language=language)).get(f"protocols/{version.protocol_id}/page")
    gap = next(one for one in page["gaps"] if one["value"] == "phone")
    assert (gap["what"], gap["sentence"]) == (what, sentence)
    assert gap["begin"] == {
        "section": "phone", "measure": REPLY, "standard": REPLY, "value": 24, "counted_in": "clock",
        "scope": {"and": [field("channel", "phone")]},
    }  # fmt: skip
    assert {"protocols.gap.set_aside", "protocols.gap.take_up"} <= set(gap["can"])
    assert Api(workspace.user("agent")).get(f"protocols/{version.protocol_id}/page")["gaps"] == []


def test_a_begun_clause_counts_in_the_hours_that_hold_already():
    unmeasured = {"measure": "", "value": Decimal(8), "counted_in": "office"}
    version = published({"scope": field("channel", "email")}, unmeasured)
    service.ticket(channel="phone")
    drain()
    page = Api(workspace.user("owner")).get(f"protocols/{version.protocol_id}/page")
    gap = next(one for one in page["gaps"] if one["value"] == "phone")
    assert (gap["begin"]["value"], gap["begin"]["counted_in"]) == (8, "office")


def test_a_begun_clause_can_be_kept_as_it_is_and_closes_the_gap():
    version = published({"scope": field("channel", "email")})
    service.ticket(channel="phone")
    drain()
    owner = Api(workspace.user("owner"))
    draft = owner.post(f"protocols/{version.protocol_id}/draft_version")["id"]
    (gap,) = [one for one in owner.get(f"protocols/{version.protocol_id}/page")["gaps"] if one["kind"] == "channel"]
    owner.post(f"versions/{draft}/add_clause", {"text": {"en": "We ring back."}, **gap["begin"]})
    owner.post(f"versions/{draft}/publish")
    drain()
    assert [g["kind"] for g in owner.get(f"protocols/{version.protocol_id}/page")["gaps"]] == []


def test_a_gap_in_part_says_how_many_cases_fall_under_nothing():
    version = published({"scope": field("priority", "high")})
    service.ticket(channel="phone", priority="normal")
    drain()
    page = Api(workspace.user("manager")).get(f"protocols/{version.protocol_id}/page")
    assert {gap["sentence"] for gap in page["gaps"]} == {
        "Channel “Phone”: clauses cover only a part; 1 case of the last 90 days falls under none.",
        "Tickets of the kind “Enquiry”: clauses cover only a part; 1 case of the last 90 days falls under none.",
    }
