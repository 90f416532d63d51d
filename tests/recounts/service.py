"""The figures of service counted again from tickets as they are exported."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tests.recounts.figures import Case, durations, shares

Row = dict[str, Any]
Limit = Callable[[datetime], float]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _span(row: Row, begin: str, end: str) -> Case:
    start, stop = _moment(row[begin]), _moment(row[end])
    assert start
    return Case(at=start, value=(stop - start).total_seconds() if stop else None, open=stop is None)


def _truth(row: Row, begin: str, value: bool, *, open: bool = False) -> Case:
    start = _moment(row[begin])
    assert start
    return Case(at=start, value=float(value), open=open)


def _complaints(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["kind"] == "complaint"]


def complaint_first_reply(rows: Iterable[Row], limit: Limit, now: datetime) -> Row:
    """From the complaint to the first answer by a person."""
    cases = [_span(row, "complained_at", "complaint_replied_at") for row in _complaints(rows)]
    return durations(cases, limit=limit, now=now)


def ticket_first_reply(rows: Iterable[Row], limit: Limit, now: datetime) -> Row:
    """From the arrival to the first answer by a person."""
    return durations([_span(row, "received_at", "first_human_reply_at") for row in rows], limit=limit, now=now)


def time_to_solve(rows: Iterable[Row], limit: Limit, now: datetime) -> Row:
    """From the arrival to the solution."""
    return durations([_span(row, "received_at", "solved_at") for row in rows], limit=limit, now=now)


def solved_share(rows: Iterable[Row], *_: Any) -> Row:
    """Solved of all that came in."""
    return shares([_truth(row, "received_at", row["solved_at"] is not None) for row in rows])


def reopened_share(rows: Iterable[Row], *_: Any) -> Row:
    """Not solved at the first go."""
    return shares([_truth(row, "received_at", row["reopened"] > 0) for row in rows])


def complaint_rate(rows: Iterable[Row], *_: Any) -> Row:
    """Complaints of all that came in."""
    return shares([_truth(row, "received_at", row["kind"] == "complaint") for row in rows])


def confirmed_share(rows: Iterable[Row], *_: Any) -> Row:
    """Confirmed of the complaints that were solved."""
    over = ("solved", "confirmed")
    return shares(
        [
            _truth(row, "complained_at", row["status"] == "confirmed", open=row["status"] not in over)
            for row in _complaints(rows)
        ]
    )


RECOUNTS = {
    "service.complaint.first_reply": complaint_first_reply,
    "service.ticket.first_reply": ticket_first_reply,
    "service.ticket.time_to_solve": time_to_solve,
    "service.ticket.solved_share": solved_share,
    "service.ticket.reopened_share": reopened_share,
    "service.complaint_rate": complaint_rate,
    "service.complaint.confirmed_share": confirmed_share,
}
