"""What makes a consent evidence, and which of several statements decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from guanxi.lib.errors import Invalid, Problem

State = Literal["given", "withdrawn", "none"]
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One yes or no, as far as it matters for what holds."""

    id: UUID
    state: str
    at: datetime
    channel: str
    purpose: str


def require_evidence(*, purpose: str, wording: str, place: str) -> None:
    """Refuse a yes without the words it was said to, and where."""
    missing = [name for name, said in (("wording", wording), ("place", place)) if not said.strip()]
    if missing:
        fields: dict[str, Problem] = {name: Invalid(f"consent.without_{name}", purpose=purpose) for name in missing}
        raise Invalid("record.invalid", fields=fields, record="customers.consent")


def require_past(at: datetime, *, now: datetime) -> None:
    """Refuse a word from the future: it would outweigh every later one."""
    if at > now + CLOCKS_DIFFER:
        raise Invalid("consent.in_future", at=at)


def require_same_customer(customer: UUID | None, *, holder: UUID | None) -> None:
    """Refuse a word of one customer about the way of another; who shares a way has it as a way of their own."""
    if customer not in (None, holder):
        raise Invalid("consent.way_of_another")


def deciding(statements: Iterable[Statement], *, purpose: str, channel: str) -> Statement | None:
    """The statement that holds for a purpose on a channel: the latest that speaks of it; at the same time a no wins."""
    heard = [s for s in statements if s.purpose in ("", purpose) and s.channel in ("", channel)]
    return max(heard, key=lambda s: (s.at, s.state == "withdrawn", s.id), default=None)
