"""What has to be covered by clauses, and whether what a clause speaks of reaches it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from guanxi.kernel.conditions.rules import Condition, shape

Kind = Literal["channel", "team", "ticket_kind", "purpose"]
LOOKED_BACK = timedelta(days=90)
STARTED = ("service", "survey", "greeting", "marketing", "collection")
"""Why we write of our own accord: purposes that somebody should have set bounds to."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Which figures speak of a kind of thing: those over these nouns that can be split by it.

    Each noun has the figure by which its cases are counted.
    """

    counted: Mapping[str, str]
    split: str
    timed: bool = False
    """Whether only a length of time is a promise about it: how fast people are answered."""
    standards: tuple[str, ...] = ()
    """Numbers that bound it without any figure."""


_ANSWERS = {"service.ticket": "service.ticket.first_reply", "channels.message": "channels.first_human_reply"}
WATCHED: dict[Kind, Watch] = {
    "channel": Watch(counted=_ANSWERS, split="channel", timed=True),
    "team": Watch(counted=_ANSWERS, split="team", timed=True),
    "ticket_kind": Watch(counted={"service.ticket": _ANSWERS["service.ticket"]}, split="kind", timed=True),
    "purpose": Watch(
        counted={"channels.delivery": "channels.contacts.allowed_share"},
        split="purpose",
        standards=("channels.gate.contacts_per_week", "channels.gate.contacts_per_month"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a clause that closes a gap begins with."""

    section: str
    measure: str
    field: str


def beginning(kind: str, value: str) -> Beginning:
    """The clause that is most likely meant."""
    if kind == "purpose":
        return Beginning(section="contact", measure="channels.contacts.allowed_share", field="purpose")
    if kind == "ticket_kind" and value == "complaint":
        return Beginning(section="complaints", measure="service.complaint.first_reply", field="")
    if kind == "channel" and value == "email":
        return Beginning(section="mail", measure="channels.first_human_reply", field="channel")
    section = {"phone": "phone", "chat": "chat"}.get(value, "mail")
    return Beginning(section=section, measure="service.ticket.first_reply", field=WATCHED[_kind(kind)].split)


def _kind(name: str) -> Kind:
    return next(kind for kind in WATCHED if kind == name)


def speaks_of(scope: Condition | None, known: Mapping[str, str]) -> bool | None:
    """Whether a scope holds wherever these fields have these values: yes, no, or None, it depends on other things."""
    if not scope:
        return True
    kind = shape(scope)
    if kind in ("and", "or"):
        return _joined(kind, [speaks_of(part, known) for part in scope[kind]])
    if kind == "not":
        inner = speaks_of(scope["not"], known)
        return None if inner is None else not inner
    if kind == "related" or scope["field"] not in known:
        return None
    return _compared(scope.get("op", "is"), known[scope["field"]], scope.get("value"))


def _joined(kind: str, answers: list[bool | None]) -> bool | None:
    """All of them, or one of them; `and` of nothing is everybody, `or` of nothing nobody."""
    decisive = kind == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _compared(op: str, value: str, wanted: Any) -> bool | None:
    match op:
        case "is":
            return value == str(wanted)
        case "is_not":
            return value != str(wanted)
        case "in":
            return value in map(str, wanted)
        case "not_in":
            return value not in map(str, wanted)
        case "empty":
            return False
        case "not_empty":
            return True
    return None
