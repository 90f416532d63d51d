"""May we write to this customer, for this purpose, on this channel, now? The table of purposes and how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo


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
    pressure: Literal["counted", "own", "limited"]
    hold: Literal["free", "matter", "blocked", "setting"]
    way: Literal["free", "warn", "fresh"]
    repeated_when_uncertain: bool
    """Whether a message that may or may not have arrived is sent once more under the same id."""


PURPOSES: dict[Purpose, Duties] = {
    Purpose.REPLY: Duties(
        consent="free", quiet="free", pressure="counted", hold="free", way="free", repeated_when_uncertain=True
    ),
    Purpose.CONTRACT: Duties(
        consent="free", quiet="unless_urgent", pressure="counted", hold="free", way="free", repeated_when_uncertain=True
    ),
    Purpose.PROOF: Duties(
        consent="free", quiet="yes", pressure="own", hold="free", way="free", repeated_when_uncertain=True
    ),
    Purpose.SERVICE: Duties(
        consent="not_withdrawn", quiet="yes", pressure="limited", hold="matter", way="warn",
        repeated_when_uncertain=True,
    ),
    Purpose.SURVEY: Duties(
        consent="not_withdrawn", quiet="yes", pressure="limited", hold="blocked", way="fresh",
        repeated_when_uncertain=False,
    ),
    Purpose.GREETING: Duties(
        consent="not_withdrawn", quiet="yes", pressure="limited", hold="blocked", way="fresh",
        repeated_when_uncertain=False,
    ),
    Purpose.MARKETING: Duties(
        consent="explicit", quiet="yes", pressure="limited", hold="blocked", way="fresh", repeated_when_uncertain=False
    ),
    Purpose.COLLECTION: Duties(
        consent="free", quiet="legal", pressure="limited", hold="setting", way="fresh", repeated_when_uncertain=True
    ),
}  # fmt: skip

UNKNOWN_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
"""What a provider answers when nobody lives at an address (RFC 3463)."""
WEEK, MONTH, HOUR = timedelta(days=7), timedelta(days=30), timedelta(hours=1)
FRESH_FOR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Somebody asked for silence until a time, because of a matter."""

    until: datetime | None
    matter: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one customer and the way to reach them, at the moment of asking."""

    zone: str
    archived: bool = False
    way: UUID | None = None
    """The contact point; None when there is none for the channel."""
    way_dead: bool = False
    way_verified_at: datetime | None = None
    consent: Literal["given", "withdrawn", "none"] = "none"
    holds: tuple[Hold, ...] = ()
    contacts: tuple[datetime, ...] = ()
    """When we approached them in the last 30 days, on any channel, oldest first."""
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
    legal_weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    hold_stops_collection: bool = True
    verified_way_required: bool = False


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


STOPPED = {
    Purpose.MARKETING: "marketing",
    Purpose.SURVEY: "survey",
    Purpose.GREETING: "greeting",
    Purpose.SERVICE: "service",
}
"""What a customer can say no to, as consents call it."""

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


def decide(wish: Wish, facts: Facts, limits: Limits) -> Answer:
    """Yes or no, the lasting reasons before the passing ones; of the passing ones the latest time counts."""
    duties = PURPOSES[wish.purpose]
    lasting = _way(wish, facts) or _consent(duties, facts) or _hold(wish, duties, facts, limits)
    if lasting is not None:
        return lasting
    stale = facts.way_verified_at is None or facts.way_verified_at + FRESH_FOR < wish.at
    if stale and duties.way == "fresh" and limits.verified_way_required:
        return Refused(reason=Reason.UNVERIFIED)
    passing = [one for one in (_pressure(wish, duties, facts, limits), _quiet(wish, duties, facts, limits)) if one]
    if passing:
        return max(passing, key=lambda one: one.next_allowed_at or wish.at)
    return Allowed(way=facts.way, cautions=(Caution.UNVERIFIED,) if stale and duties.way != "free" else ())


def _way(wish: Wish, facts: Facts) -> Refused | None:
    if facts.archived and wish.purpose is not Purpose.REPLY:
        return Refused(reason=Reason.ARCHIVED)
    if facts.way is None and not wish.own_way:
        return Refused(reason=Reason.NO_WAY)
    return Refused(reason=Reason.DEAD_WAY) if facts.way_dead and not wish.own_way else None


def _consent(duties: Duties, facts: Facts) -> Refused | None:
    if duties.consent != "free" and facts.consent == "withdrawn":
        return Refused(reason=Reason.WITHDRAWN)
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
    ends = [hold.until for hold in open_holds if hold.until is not None]
    return Refused(reason=Reason.HOLD, next_allowed_at=max(ends) if len(ends) == len(open_holds) else None)


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
    if duties.quiet == "free" or (duties.quiet == "unless_urgent" and wish.urgent):
        return None
    zone = ZoneInfo(facts.zone)
    if duties.quiet == "legal":
        free = _next_legal(wish.at, zone, limits)
    else:
        free = _next_loud(wish.at, zone, limits)
    return Refused(reason=Reason.QUIET, next_allowed_at=free) if free > wish.at else None


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


def _next_legal(at: datetime, zone: ZoneInfo, limits: Limits) -> datetime:
    """The first moment from `at` on that lies in the hours of the days on which money may be asked for."""
    local = at.astimezone(zone)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() not in limits.legal_weekdays:
            continue
        begins, ends = _moment(day, limits.legal_from, zone), _moment(day, limits.legal_until, zone)
        if at < ends:
            return max(at, begins)
    return at + WEEK


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
