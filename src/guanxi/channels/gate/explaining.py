"""Why may we, or may we not, write to her? The table of purposes for one customer, every reason with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.channels.gate import queries, rules
from guanxi.channels.gate.rules import PASSING, PURPOSES, Facts, Limits, Purpose, Reason, Refused, Wish
from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.queries import NONE, Standing, Word, last_words
from guanxi.customers.consents.rules import deciding
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.holds.models import Hold
from guanxi.customers.holds.queries import in_force
from guanxi.kernel.access import get, read, veiled
from guanxi.kernel.actor import Actor
from guanxi.kernel.masks import BEHIND
from guanxi.kernel.models import Row
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.lib import dates
from guanxi.lib.holidays import Workdays
from guanxi.workspace.holidays.queries import Calendars, calendars

ALWAYS = ("email", "phone", "visit", "letter")
WHERE_THERE_IS_A_WAY = ("sms", "wechat", "whatsapp", "line")
EVIDENCE = {
    Reason.WITHDRAWN: "customers.consent",
    Reason.HOLD: "customers.hold",
    Reason.DEAD_WAY: "customers.contact_point",
}
"""What a reason points to."""
SINCE: dict[Reason, tuple[type[Row], str]] = {
    Reason.WITHDRAWN: (Consent, "at"),
    Reason.HOLD: (Hold, "starts_at"),
    Reason.DEAD_WAY: (ContactPoint, "dead_at"),
    Reason.UNVERIFIED: (ContactPoint, "verified_at"),
}
"""By which field it is known since when."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything the gate knows of one customer now, read once for all purposes and channels."""

    person: Customer
    at: datetime
    home: Calendars
    limits: Limits
    ways: dict[str, ContactPoint]
    """The way that would be used, by channel."""
    said: list[Word]
    holds: list[Hold]
    contacts: tuple[datetime, ...]
    codes: dict[UUID, list[datetime]]

    def channels(self) -> list[str]:
        """The channels worth speaking of: those everybody has, and what this customer has a way for."""
        return [*ALWAYS, *(one for one in WHERE_THERE_IS_A_WAY if one in self.ways)]

    def facts(self, purpose: Purpose, channel: str) -> Facts:
        """What the gate would decide by."""
        point = self.ways.get(channel)
        needs_way = channel in queries.WAYS or (channel == "letter" and not self.person.address.strip())
        bare = Facts(
            zone=self.person.zone or self.home.zone,
            workdays=self.workdays(),
            spoken=channel in rules.SPOKEN,
            archived=self.person.archived_at is not None,
            way=None if needs_way else self.person.pk,
            way_verified_at=None if needs_way else self.at,
            holds=tuple(queries.held(one) for one in self.holds if not one.purposes or purpose in one.purposes),
            contacts=self.contacts,
            proofs=tuple(self.codes.get(point.pk, ())) if point else (),
        )
        return queries.known(bare, point, self._standing(purpose, channel, point))

    def workdays(self) -> Workdays:
        """The calendar of where they live."""
        return self.home.of(self.person.country, self.person.zone)

    def _standing(self, purpose: Purpose, channel: str, point: ContactPoint | None) -> Standing:
        """What holds for the way that would be used, else for all they said."""
        heard = [one.statement for one in self.said if point is None or one.contact_point in (None, point.pk)]
        found = deciding(heard, purpose=purpose, channel=channel)
        if found is None:
            return NONE
        return Standing(state="given" if found.state == "given" else "withdrawn", at=found.at, consent=found.id)


def known_of(actor: Actor, customer: UUID) -> Known:
    """Read what is known, in as many statements for ten years of history as for a day."""
    person, moment = get(actor, Customer, customer), now()
    points = ContactPoint.objects.filter(customer=person).exclude(verdict="impossible").defer("search")
    by_kind: dict[str, ContactPoint] = {}
    for point in queries.best_first(points):
        by_kind.setdefault(point.kind, point)
    ways = {channel: by_kind[kind] for channel, kind in queries.WAYS.items() if kind in by_kind}
    return Known(
        person=person, at=moment, home=calendars(), limits=queries.limits(), ways=ways, said=last_words(person.pk),
        holds=in_force([person.pk], at=moment).get(person.pk, []),
        contacts=tuple(queries.contacts([person.pk], moment, ()).get(person.pk, ())),
        codes=queries.proofs([point.pk for point in ways.values()], moment, ()),
    )  # fmt: skip


def answers(actor: Actor, customer: UUID) -> dict[str, Any]:
    """For each purpose and channel yes, not before a time, or no, with the reasons in the reader's words."""
    actor.require("channels.delivery.ask")
    known = known_of(actor, customer)
    return {"at": known.at, "answers": list(_answers(actor, known))}


def _answers(actor: Actor, known: Known) -> Iterator[dict[str, Any]]:
    for purpose in PURPOSES:
        for channel in known.channels():
            wish, facts = Wish(purpose=purpose, at=known.at), known.facts(purpose, channel)
            answer = rules.decide(wish, facts, known.limits)
            against = rules.objections(wish, facts, known.limits)
            later = rules.allowed_from(wish, facts, known.limits) if against else None
            cautions = [] if isinstance(answer, Refused) else [caution.value for caution in answer.cautions]
            yield {
                "purpose": purpose.value,
                "channel": channel,
                "allowed": not against,
                "reason": answer.reason.value if isinstance(answer, Refused) else None,
                "allowed_from": later,
                "cautions": cautions,
                "sentence": _verdict(actor, later, refused=bool(against), cautious=bool(cautions)),
                "reasons": [_reason(actor, known, wish, channel, one) for one in against],
            }


def _verdict(actor: Actor, later: datetime | None, *, refused: bool, cautious: bool) -> str:
    """Yes, not before a time, or no."""
    if not refused:
        return say("channels.may.warn" if cautious else "channels.may.yes", actor.language)
    if later is None:
        return say("channels.may.no", actor.language)
    return say("channels.may.later", actor.language, at=_told(actor, later))


def _reason(actor: Actor, known: Known, wish: Wish, channel: str, no: Refused) -> dict[str, Any]:
    """One reason in words, since when, by what, and what can be done about it."""
    since = known.person.archived_at if no.reason is Reason.ARCHIVED else no.since
    recent = [one for one in known.contacts if one > known.at - rules.WEEK]
    weekly = no.reason is Reason.PRESSURE and len(recent) >= known.limits.per_week
    if no.reason is Reason.PRESSURE and known.contacts:
        since = known.contacts[-1]
    if no.reason in SINCE and not _reads(actor, *SINCE[no.reason]):
        since = None
    point = known.ways.get(channel)
    how = next((f"channels.why.how.{one.how}" for one in known.said if one.statement.id == no.cause), None)
    why = say(f"value.reason.{no.detail}", actor.language).removeprefix("value.reason.") or None
    values = {
        "since": _told(actor, since) if since else None,
        "way": point and (point.value if _reads(actor, ContactPoint, "value") else BEHIND),
        "why": why if _reads(actor, Hold, "reason") else None,
        "how": how if _reads(actor, Consent, "how") else None,
        "times": len(recent) if weekly else len(known.contacts),
        "days": (rules.WEEK if weekly else rules.MONTH).days,
        **_holiday(actor, known, no),
    }
    key = "no_address" if no.reason is Reason.NO_WAY and channel == "letter" else _key(known, wish, no)
    evidence = EVIDENCE.get(no.reason) if no.cause else None
    shown = evidence is None or actor.may(f"{evidence}.read")
    return {
        "reason": no.reason.value,
        "since": since,
        "record": evidence if shown else None,
        "id": no.cause if shown else None,
        "passes": no.reason in PASSING,
        "sentence": say(f"channels.why.{key}", actor.language, **values),
        "remedy": say(f"channels.remedy.{key}", actor.language, **values),
    }


def _reads(actor: Actor, model: type[Row], field: str) -> bool:
    """Whether the actor reads what an answer rests on, and this of it."""
    record = type_of(model)
    return actor.may(read(record)) and field not in veiled(actor, record)


def _holiday(actor: Actor, known: Known, no: Refused) -> dict[str, str]:
    """What the holiday is called, and its last day where they live."""
    if no.reason is not Reason.HOLIDAY:
        return {}
    workdays, zone = known.workdays(), ZoneInfo(known.person.zone or known.home.zone)
    today = known.at.astimezone(zone).date()
    last = dates.written_day(workdays.last(today), actor.language)
    return {"holiday": workdays.title(today, actor.language), "last": last}


def _key(known: Known, wish: Wish, no: Refused) -> str:
    """Which words say it: a no to everything is another than one to a purpose; money has hours of its own."""
    if no.reason is Reason.QUIET and PURPOSES[wish.purpose].quiet == "legal":
        return "legal_hours"
    if no.reason is Reason.WITHDRAWN:
        said = next((one.statement for one in known.said if one.statement.id == no.cause), None)
        if said is not None and not said.purpose:
            return "no_to_channel" if said.channel else "no_to_everything"
    return no.reason.value


def _told(actor: Actor, moment: datetime) -> str:
    """A time by the reader's own clock."""
    return dates.written(moment.astimezone(ZoneInfo(actor.zone)), actor.language)
