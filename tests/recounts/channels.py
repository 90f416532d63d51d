"""The figures of channels counted again from messages and deliveries as they are exported."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tests.recounts.figures import Case, durations, shares

Row = dict[str, Any]
Limit = Callable[[datetime], float]
GONE = ("sent", "uncertain")


def _span(row: Row, end: str) -> Case:
    start = datetime.fromisoformat(row["at"])
    stop = datetime.fromisoformat(row[end]) if row[end] else None
    return Case(at=start, value=(stop - start).total_seconds() if stop else None, open=stop is None)


def _truth(row: Row, begin: str, value: bool, *, open: bool = False) -> Case:
    return Case(at=datetime.fromisoformat(row[begin]), value=float(value), open=open)


def mail_acknowledged(messages: Iterable[Row], _: Iterable[Row], limit: Limit, now: datetime) -> Row:
    """From the arrival of a mail that needs an answer to its receipt or answer."""
    cases = [_span(row, "acknowledged_at") for row in messages if row["channel"] == "email" and row["needs_answer"]]
    return durations(cases, limit=limit, now=now)


def first_human_reply(messages: Iterable[Row], _: Iterable[Row], limit: Limit, now: datetime) -> Row:
    """From the arrival of what needs an answer to the answer by a person."""
    return durations([_span(row, "answered_at") for row in messages if row["needs_answer"]], limit=limit, now=now)


def contacts_allowed_share(_: Iterable[Row], deliveries: Iterable[Row], *__: Any) -> Row:
    """Let pass of all that were wished for and decided; what was called back was not wished for."""
    wished = [row for row in deliveries if row["status"] != "called_back"]
    undecided = ("waiting", "reserved", "sending")
    return shares(
        _truth(row, "created_at", row["status"] in (*GONE, "failed"), open=row["status"] in undecided) for row in wished
    )


def marketing_with_consent(_: Iterable[Row], deliveries: Iterable[Row], *__: Any) -> Row:
    """Resting on a consent, of the marketing messages that left."""
    left = [row for row in deliveries if row["purpose"] == "marketing" and row["status"] in GONE]
    return shares(_truth(row, "sent_at", row["consent"] is not None) for row in left)


def mail_delivered_share(_: Iterable[Row], deliveries: Iterable[Row], *__: Any) -> Row:
    """Not come back, of the messages that left."""
    return shares(_truth(row, "sent_at", row["report"] != "bounced") for row in deliveries if row["status"] in GONE)


RECOUNTS: dict[str, Callable[..., Row]] = {
    "channels.mail.acknowledged": mail_acknowledged,
    "channels.first_human_reply": first_human_reply,
    "channels.contacts.allowed_share": contacts_allowed_share,
    "channels.marketing.with_consent": marketing_with_consent,
    "channels.mail.delivered_share": mail_delivered_share,
}
COUNTED = {"channels.contacts.logged"}
"""Figures that only count: their recount is the length of the list."""
RATED = "channels.rating.satisfied"


def rating_satisfied(ratings: Iterable[Row]) -> Row:
    """Four or five of five."""
    return shares(_truth(row, "given_at", row["score"] >= 4) for row in ratings)
