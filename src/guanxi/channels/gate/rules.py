"""May we write to this customer, for this purpose, on this channel, now? The table of purposes and how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.lib.holidays import DAY, Workdays


class Purpose(StrEnum):
    """Why a message is sent; decides which rules it has to keep."""

    REPLY = "reply"
    CONTRACT = "contract"
    PROOF = "proof"
    SERVICE = "service"
    SURVEY = "survey"
    GREETING = "greeting"
    MARKETING = "marketing"
    COLLECTION = "collection"


class Reason(StrEnum):
    """Why the gate said no."""

    ARCHIVED = "archived"
    NO_WAY = "no_way"
    DEAD_WAY = "dead_way"
    WITHDRAWN = "consent_withdrawn"
    NO_CONSENT = "no_consent"
    HOLD = "hold"
    UNVERIFIED = "unverified_way"
    QUIET = "quiet_hours"
    HOLIDAY = "public_holiday"
    PRESSURE = "pressure"
    TOO_MANY_PROOFS = "too_many_proofs"


class Caution(StrEnum):
    """What the gate lets pass but says."""

    UNVERIFIED = "unverified_way"


@dataclass(frozen=True, kw_only=True)
class Duties:
    """What a purpose has to keep: one row of the table."""

    consent: Literal["free", "not_withdrawn", "explicit"]
    quiet: Literal["free", "unless_urgent", "yes", "legal"]
    holiday: Literal["free", "calls", "yes", "working_days"]
    """Whether it waits for a holiday to end: never, when somebody would be rung up or visited, always, or as money."""
    pressure: Literal["counted", "own", "limited"]
    hold: Literal["free", "matter", "blocked", "setting"]
    way: Literal["free", "warn", "fresh"]
    repeated_when_uncertain: bool
    """Whether a message that may or may not have arrived is sent once more under the same id."""


PURPOSES: dict[Purpose, Duties] = {
    Purpose.REPLY: Duties(
        consent="free", quiet="free", holiday="free", pressure="counted", hold="free", way="free",
        repeated_when_uncertain=True,
    ),
    Purpose.CONTRACT: Duties(
        consent="free", quiet="unless_urgent", holiday="calls", pressure="counted", hold="free", way="free",
        repeated_when_uncertain=True,
    ),
    Purpose.PROOF: Duties(
        consent="free", quiet="yes", holiday="free", pressure="own", hold="free", way="free",
        repeated_when_uncertain=True,
    ),
    Purpose.SERVICE: Duties(
        consent="not_withdrawn", quiet="yes", holiday="calls", pressure="limited", hold="matter", way="warn",
        repeated_when_uncertain=True,
    ),
    Purpose.SURVEY: Duties(
        consent="not_withdrawn", quiet="yes", holiday="yes", pressure="limited", hold="blocked", way="fresh",
        repeated_when_uncertain=False,
    ),
    Purpose.GREETING: Duties(
        consent="not_withdrawn", quiet="yes", holiday="free", pressure="limited", hold="blocked", way="fresh",
        repeated_when_uncertain=False,
    ),
    Purpose.MARKETING: Duties(
        consent="explicit", quiet="yes", holiday="yes", pressure="limited", hold="blocked", way="fresh",
        repeated_when_uncertain=False,
    ),
    Purpose.COLLECTION: Duties(
        consent="free", quiet="legal", holiday="working_days", pressure="limited", hold="setting", way="fresh",
        repeated_when_uncertain=True,
    ),
}  # fmt: skip

UNKNOWN_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
"""What a provider answers when nobody lives at an address (RFC 3463)."""
MAILBOX_FULL = frozenset({"4.2.2", "5.2.2"})
"""What a provider answers when there is no room just now: tried again each day for a while."""
FULL_AGAIN_AFTER, FULL_GIVEN_UP_AFTER = timedelta(days=1), timedelta(days=4)
WEEK, MONTH, HOUR = timedelta(days=7), timedelta(days=30), timedelta(hours=1)
MOST_MOVES = 20
MOST_DAYS_OFF = 60
"""How long a company may close and still know on which day it asks for money again."""
SPOKEN = frozenset({"phone", "visit"})
"""Channels on which somebody has to be there."""
"""How often one limit may move a time into another before nobody can say when it ends."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Somebody asked for silence until a time, because of a matter."""

    until: datetime | None
    matter: UUID | None = None
    since: datetime | None = None
    id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one customer and the way to reach them, at the moment of asking."""

    zone: str
    workdays: Workdays = field(default_factory=Workdays)
    """The calendar of where they live."""
    spoken: bool = False
    """Whether they would be rung up or visited."""
    archived: bool = False
    way: UUID | None = None
    """The contact point; None when there is none for the channel."""
    way_dead: bool = False
    way_dead_at: datetime | None = None
    way_verified_at: datetime | None = None
    consent: Literal["given", "withdrawn", "none"] = "none"
    consent_at: datetime | None = None
    consent_id: UUID | None = None
    holds: tuple[Hold, ...] = ()
    contacts: tuple[datetime, ...] = ()
    """When we approached them in the last 30 days, on any channel, oldest first; codes have a limit of their own."""
    proofs: tuple[datetime, ...] = ()
    """When codes and confirm links were sent to this contact point in the last hour."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much and when, as the company chose."""

    per_week: int = 3
    per_month: int = 8
    proofs_per_hour: int = 5
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    legal_from: time = time(9)
    legal_until: time = time(18)
    hold_stops_collection: bool = True
    verified_way_required: bool = False
    verified_for: timedelta = timedelta(days=365)
    quiet_on_holidays: bool = True
    calls_rest_on_holidays: bool = True


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Yes, by this contact point; with what should be said beside it."""

    way: UUID | None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refused:
    """No, why, and from when on it would be allowed; None when time alone does not change it."""

    reason: Reason
    next_allowed_at: datetime | None = None
    since: datetime | None = None
    cause: UUID | None = None
    """The consent, hold or way that says so."""
    detail: str = ""


STOPPED = {
    Purpose.MARKETING: "marketing",
    Purpose.SURVEY: "survey",
    Purpose.GREETING: "greeting",
    Purpose.SERVICE: "service",
}
"""What a customer can say no to, as consents call it."""

OF_OUR_OWN_ACCORD = ("marketing", "survey", "greeting")
"""What nobody asked for: all that a complaint about spam silences."""
Answer = Allowed | Refused


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to send, beside the text."""

    purpose: Purpose
    at: datetime
    urgent: bool = False
    matter: UUID | None = None
    own_way: bool = field(default=False)
    """It answers on the way they themselves wrote from, which needs no record of it."""


PASSING = (Reason.PRESSURE, Reason.TOO_MANY_PROOFS, Reason.QUIET, Reason.HOLIDAY)
"""Reasons that time alone ends."""


def decide(wish: Wish, facts: Facts, limits: Limits) -> Answer:
    """Yes or no, the lasting reasons before the passing ones; of the passing ones the latest time counts."""
    against = objections(wish, facts, limits)
    if not against:
        cautious = _stale(wish, facts, limits) and PURPOSES[wish.purpose].way != "free"
        return Allowed(way=facts.way, cautions=(Caution.UNVERIFIED,) if cautious else ())
    if against[0].reason not in PASSING:
        return against[0]
    return max(against, key=lambda one: one.next_allowed_at or wish.at)


def objections(wish: Wish, facts: Facts, limits: Limits) -> tuple[Refused, ...]:
    """Everything that stands against it now, the lasting reasons first."""
    duties = PURPOSES[wish.purpose]
    found = (
        _way(wish, facts),
        _consent(duties, facts),
        _hold(wish, duties, facts, limits),
        _unverified(wish, duties, facts, limits),
        _pressure(wish, duties, facts, limits),
        _quiet(wish, duties, facts, limits),
    )
    return tuple(one for one in found if one is not None)


def allowed_from(wish: Wish, facts: Facts, limits: Limits) -> datetime | None:
    """The first moment at which nothing stands against it any more; None when time alone does not end it."""
    at = wish.at
    for _ in range(MOST_MOVES):
        answer = decide(replace(wish, at=at), facts, limits)
        if isinstance(answer, Allowed):
            return at
        if answer.next_allowed_at is None:
            return None
        at = answer.next_allowed_at
    return None


def _way(wish: Wish, facts: Facts) -> Refused | None:
    if facts.archived and wish.purpose is not Purpose.REPLY:
        return Refused(reason=Reason.ARCHIVED)
    if facts.way is None and not wish.own_way:
        return Refused(reason=Reason.NO_WAY)
    if not facts.way_dead or wish.own_way:
        return None
    return Refused(reason=Reason.DEAD_WAY, since=facts.way_dead_at, cause=facts.way if facts.way_dead_at else None)


def _stale(wish: Wish, facts: Facts, limits: Limits) -> bool:
    return facts.way_verified_at is None or facts.way_verified_at + limits.verified_for < wish.at


def _unverified(wish: Wish, duties: Duties, facts: Facts, limits: Limits) -> Refused | None:
    if duties.way != "fresh" or not limits.verified_way_required or not _stale(wish, facts, limits):
        return None
    return Refused(reason=Reason.UNVERIFIED, since=facts.way_verified_at)


def _consent(duties: Duties, facts: Facts) -> Refused | None:
    if duties.consent != "free" and facts.consent == "withdrawn":
        return Refused(reason=Reason.WITHDRAWN, since=facts.consent_at, cause=facts.consent_id)
    if duties.consent == "explicit" and facts.consent != "given":
        return Refused(reason=Reason.NO_CONSENT)
    return None


def _hold(wish: Wish, duties: Duties, facts: Facts, limits: Limits) -> Refused | None:
    if duties.hold == "free" or (duties.hold == "setting" and not limits.hold_stops_collection):
        return None
    open_holds = [hold for hold in facts.holds if hold.until is None or hold.until > wish.at]
    if duties.hold == "matter":
        open_holds = [hold for hold in open_holds if hold.matter is None or hold.matter != wish.matter]
    if not open_holds:
        return None
    # The one that lasts longest is what has to end.
    last = max(open_holds, key=lambda hold: (hold.until is None, hold.until or wish.at))
    return Refused(reason=Reason.HOLD, next_allowed_at=last.until, since=last.since, cause=last.id, detail=last.reason)


def _pressure(wish: Wish, duties: Duties, facts: Facts, limits: Limits) -> Refused | None:
    if duties.pressure == "own":
        free = _free_again(facts.proofs, wish.at, limits.proofs_per_hour, HOUR)
        return Refused(reason=Reason.TOO_MANY_PROOFS, next_allowed_at=free) if free else None
    if duties.pressure == "counted":
        return None
    times = (
        _free_again(facts.contacts, wish.at, limits.per_week, WEEK),
        _free_again(facts.contacts, wish.at, limits.per_month, MONTH),
    )
    free = max((at for at in times if at is not None), default=None)
    return Refused(reason=Reason.PRESSURE, next_allowed_at=free) if free else None


def _free_again(times: Sequence[datetime], at: datetime, most: int, within: timedelta) -> datetime | None:
    """When one more is allowed, if it is not now: when enough of the latest have grown older than the window."""
    recent = sorted(one for one in times if at - within < one <= at)
    if len(recent) < most:
        return None
    return recent[-most] + within if most > 0 else at + within


def _quiet(wish: Wish, duties: Duties, facts: Facts, limits: Limits) -> Refused | None:
    """The hours of the night and the days off, seen together: the first moment that is neither."""
    if duties.quiet == "free" or (duties.quiet == "unless_urgent" and wish.urgent):
        return None
    zone = ZoneInfo(facts.zone)
    rests = _rests(duties, facts, limits)
    if duties.quiet == "legal":
        free = _next_legal(wish.at, zone, facts.workdays, limits)
    else:
        free = _next_loud_day(wish.at, zone, facts.workdays, limits) if rests else _next_loud(wish.at, zone, limits)
    if free <= wish.at:
        return None
    holiday = rests and facts.workdays.holiday(wish.at.astimezone(zone).date())
    return Refused(reason=Reason.HOLIDAY if holiday else Reason.QUIET, next_allowed_at=free)


def _rests(duties: Duties, facts: Facts, limits: Limits) -> bool:
    """Whether it waits for a holiday to end."""
    if duties.holiday == "working_days" or (duties.holiday == "yes" and limits.quiet_on_holidays):
        return True
    return duties.holiday != "free" and facts.spoken and limits.calls_rest_on_holidays


def _next_loud_day(at: datetime, zone: ZoneInfo, workdays: Workdays, limits: Limits) -> datetime:
    """The first moment from `at` on that is neither in the quiet hours nor on a day off, however many follow."""
    free = _next_loud(at, zone, limits)
    while workdays.holiday(day := free.astimezone(zone).date()):
        free = _next_loud(_moment(workdays.last(day) + DAY, time(), zone), zone, limits)
    return free


def _next_loud(at: datetime, zone: ZoneInfo, limits: Limits) -> datetime:
    """The first moment from `at` on that is not in the quiet hours of the zone."""
    local = at.astimezone(zone)
    begins, ends = limits.quiet_from, limits.quiet_until
    if begins == ends:
        return at
    over_night = begins > ends
    clock = local.timetz().replace(tzinfo=None)
    quiet = clock >= begins or clock < ends if over_night else begins <= clock < ends
    if not quiet:
        return at
    day = local.date() + timedelta(days=1) if over_night and clock >= begins else local.date()
    return _moment(day, ends, zone)


def _next_legal(at: datetime, zone: ZoneInfo, workdays: Workdays, limits: Limits) -> datetime:
    """The first moment from `at` on that lies in the hours of a working day, when money may be asked for."""
    today = at.astimezone(zone).date()
    for day in (today + DAY * ahead for ahead in range(MOST_DAYS_OFF)):
        if not workdays.works(day):
            continue
        begins, ends = _moment(day, limits.legal_from, zone), _moment(day, limits.legal_until, zone)
        if at < ends:
            return max(at, begins)
    return at + DAY * MOST_DAYS_OFF


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time as a point in time; one that a change of the clocks leaves out is the moment after it."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(ZoneInfo("UTC"))


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The gate's answer for many: who may be written to, and why the others not. The numbers always add up."""

    allowed: dict[UUID, Allowed]
    refused: dict[UUID, Refused]

    @property
    def asked(self) -> int:
        """How many were asked for."""
        return len(self.allowed) + len(self.refused)

    @property
    def reasons(self) -> dict[str, int]:
        """How many were refused for which reason, the most frequent first."""
        counts: dict[str, int] = {}
        for answer in self.refused.values():
            counts[answer.reason.value] = counts.get(answer.reason.value, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
