"""What a strategy may be, what it may become, and how it is laid out as a journey. No tables here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guanxi.channels.gate.rules import Reason, Refused
from guanxi.journeys.journeys.rules import require_length
from guanxi.lib.errors import Conflict, Invalid

CALL_BACK = timedelta(seconds=10)
"""How long a send can still be called back."""
CHANNELS = ("email", "phone", "visit")
BY_HAND = ("phone", "visit")
STOPS = ("answered", "bought", "complained")
"""What a customer may do that ends a strategy for them."""
MOST_TIMES = 1000
PURPOSES = ("service", "survey", "greeting", "marketing")
NEXT: dict[str, set[str]] = {
    "draft": {"scheduled"},
    "scheduled": {"draft", "running", "sent"},
    "running": {"paused", "ended"},
    "paused": {"running", "ended"},
    "sent": {"scheduled", "paused", "ended"},
    "ended": set(),
}
CONTACT = "outreach.strategy.contact"


def require_move(status: str, to: str) -> None:
    """Refuse a status a strategy cannot take now."""
    if to not in NEXT[status]:
        raise Conflict("strategy.wrong_status", frm=status, to=to)


def require_whole(
    *, segment: object, condition: object, channels: Sequence[str], template: object, every_days: int | None
) -> None:
    """Refuse a strategy that does not say whom, by which way and with which words."""
    if (segment is None) == (condition is None):
        raise Invalid("strategy.one_audience")
    if not channels or len(set(channels)) < len(channels) or set(channels) - set(CHANNELS):
        raise Invalid("strategy.wrong_channels", known=", ".join(CHANNELS))
    if "email" in channels and template is None:
        raise Invalid("strategy.needs_template")
    if every_days is not None and not 1 <= every_days <= 3650:
        raise Invalid("strategy.wrong_rhythm", most=3650)


def require_end(
    *, every_days: int | None, most_rounds: int | None, stops: Sequence[str], most_contacts: int | None
) -> None:
    """Refuse rules for stopping that stop nothing or name what does not exist."""
    if len(set(stops)) < len(stops) or set(stops) - set(STOPS):
        raise Invalid("strategy.wrong_stops", known=", ".join(STOPS))
    if most_rounds is not None and every_days is None:
        raise Invalid("strategy.rounds_without_rhythm")
    for times in (most_rounds, most_contacts):
        if times is not None and not 1 <= times <= MOST_TIMES:
            raise Invalid("strategy.wrong_times", most=MOST_TIMES)


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What one customer got of a strategy since it was sent, and did since it turned to them."""

    contacts: int = 0
    answered: bool = False
    bought: bool = False
    complained: bool = False


def stopped_by(so_far: SoFar, stops: Sequence[str], most_contacts: int | None) -> str:
    """The rule by which a strategy stops for a customer; nothing where it goes on."""
    for stop in STOPS:
        if stop in stops and getattr(so_far, stop):
            return f"stop.{stop}"
    return "stop.most_contacts" if most_contacts is not None and so_far.contacts >= most_contacts else ""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Who is under way in a strategy: whoever waits, letters on their way, to-dos that are open, the next round."""

    waiting: int
    letters: int
    todos: int
    next_at: datetime | None


def require_begun(since: datetime | None, now: datetime) -> None:
    """What a strategy turns to has begun."""
    if since is not None and since > now:
        raise Invalid("strategy.not_begun", at=since)


def of_send(number: int) -> str:
    """How the occasions of one send begin."""
    return f"{number}/"


def letter_key(strategy: UUID, occasion: str, customer: UUID) -> str:
    """Under which key the letter of one occasion is sent once."""
    return f"strategy:{strategy}:{occasion}:{customer}"[:200]


def carried_out(steps: Sequence[Mapping[str, Any]]) -> tuple[UUID, int] | None:
    """Which strategy a journey carries out, and the how manieth send of it; None where it is none of ours."""
    last = steps[-1].get("operation", {}) if steps else {}
    if last.get("name") != CONTACT:
        return None
    return UUID(last["on"]), int(last["input"]["occasion"]["text"].partition("/")[0])


ASKED_FOR = ("reply", "proof")
"""What only goes to somebody who has just asked for it."""


def require_own_accord(purpose: str) -> None:
    """Refuse to plan what is only sent when asked for: the rules for what we begin would not hold for it."""
    if purpose in ASKED_FOR:
        raise Invalid("strategy.asked_for", purpose=purpose)


def require_same_purpose(purpose: str, of_template: str) -> None:
    """The letter decides what the gate is asked for; it has to be what the strategy says."""
    if of_template != purpose:
        raise Invalid("strategy.other_purpose", purpose=purpose, template=of_template)


def only_quiet(answer: object) -> bool:
    """Whether nothing stands against a message but the hour: it leaves in the morning."""
    return isinstance(answer, Refused) and answer.reason is Reason.QUIET


@dataclass(frozen=True, kw_only=True)
class Way:
    """What the channel order comes to for one customer: by which channel, or why by none."""

    channel: str = ""
    reason: str = ""
    call: bool = False
    """Nobody may write; a person may call."""


def way(order: Sequence[str], refused: Mapping[str, str], *, call: bool) -> Way:
    """The first channel of the order that is not refused; else why not, and whether to call.

    That a way is missing says less than any other reason: it is named when there is no other.
    """
    for channel in order:
        if channel not in refused:
            return Way(channel=channel)
    reasons = [refused[channel] for channel in order]
    telling = [reason for reason in reasons if reason not in (Reason.NO_WAY, Reason.DEAD_WAY)]
    return Way(reason=(telling or reasons)[0], call=call and not set(order) & set(BY_HAND))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a strategy would do now. The numbers always add up: total = allowed + all refused.

    `begins` says by what it reaches each customer, where that is not the sending itself.
    """

    total: int
    allowed: int
    refused: dict[str, int] = field(default_factory=dict)
    calls: int
    by_channel: dict[str, int] = field(default_factory=dict)
    sample: list[dict[str, Any]] = field(default_factory=list)
    begins: str = ""


def added_up(ways: Mapping[UUID, Way], sample: list[dict[str, Any]], *, begins: str = "") -> Plan:
    """The numbers of a dry run."""
    reasons: dict[str, int] = {}
    channels: dict[str, int] = {}
    for one in ways.values():
        book, key = (reasons, one.reason) if one.reason else (channels, one.channel)
        book[key] = book.get(key, 0) + 1
    return Plan(
        total=len(ways),
        allowed=sum(channels.values()),
        refused=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        calls=sum(one.call for one in ways.values()),
        by_channel=channels,
        sample=sample,
        begins=begins,
    )


def laid_out(
    strategy: UUID,
    *,
    number: int,
    audience: dict[str, Any],
    every_days: int | None,
    most_rounds: int | None,
    begins: Mapping[str, Any],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The beginning and the steps of the journey that carries a strategy out."""
    given: dict[str, Any] = {
        "customer": {"from": "subject.id"},
        "occasion": {"text": f"{of_send(number)}{{run.start_key}}"},
        "since": {"moment": {"after": "start", "for": {"days": 0}}},
    }
    if not begins:
        every: dict[str, Any] = {"every": {"days": every_days}} if every_days else {}
        if every and most_rounds:
            every["times"] = most_rounds
        return {"audience": audience, **every}, [_contact(strategy, given)]
    start = {"event": begins["event"], "subject": "customer_id", "where": audience}
    if begins.get("order"):
        given["order"] = {"from": f"event.{begins['order']}"}
    wait = [{"wait": {"for": begins["wait"]}}] if begins.get("wait") else []
    return start, [*wait, _contact(strategy, given)]


def _contact(strategy: UUID, given: dict[str, Any]) -> dict[str, Any]:
    return {"operation": {"name": CONTACT, "on": str(strategy), "input": given}}


def require_begins(begins: Mapping[str, Any]) -> None:
    """Refuse a beginning that is neither an audience nor an event."""
    if begins and (not isinstance(begins.get("event"), str) or set(begins) - {"event", "wait", "order"}):
        raise Invalid("strategy.wrong_beginning", keys=", ".join(sorted(map(str, begins))))
    if begins.get("wait"):
        require_length(begins["wait"])
