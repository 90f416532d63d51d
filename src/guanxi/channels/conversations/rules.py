"""What a conversation may become, what a call can result in, and when a message counts as answered."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guanxi.channels.wire.messages import Attachment
from guanxi.lib.errors import Conflict, Invalid, TooLarge

LONGEST_TEXT = 100_000
AFTER_WIDE = re.compile(r"(?<=[\u3001-\u303f\uff01-\uff60]) ")
"""A space after a mark that is as wide as a character and has its own."""
BEGINNING = 80
"""How many characters of what was said stand in a line of a story."""
LONGEST_SNOOZE = timedelta(days=366)
LONGEST_WAIT = timedelta(days=30)
"""How far ahead a message may be written."""
MOST_FILES = 20
MOST_COPIES = 10
"""How many get a copy of a message: a letter to more is a campaign."""
MOST_BYTES = 18 << 20
"""All files of a message together: as mail they become a third larger, and few servers take more than 25 MB."""
CALL_BACK_SECONDS = 600
"""Longest time in seconds that a message may be held back for second thoughts."""


class Result(StrEnum):
    """What came of a contact; required for what is written down by hand."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    CALL_BACK = "call_back"
    AGREED = "agreed"
    DECLINED = "declined"
    SOLVED = "solved"
    WRONG_WAY = "wrong_way"
    SENT = "sent"
    RECEIVED = "received"
    NOT_MET = "not_met"


RESULTS: dict[str, tuple[Result, ...]] = {
    "phone": (
        Result.REACHED, Result.NO_ANSWER, Result.LEFT_MESSAGE, Result.CALL_BACK, Result.AGREED, Result.DECLINED,
        Result.SOLVED, Result.WRONG_WAY,
    ),
    "visit": (Result.REACHED, Result.NOT_MET, Result.AGREED, Result.DECLINED, Result.SOLVED, Result.CALL_BACK),
    "letter": (Result.SENT, Result.RECEIVED, Result.WRONG_WAY),
}  # fmt: skip
BY_HAND = tuple(sorted(RESULTS))
"""Channels that no program carries: a person writes down what came of it."""
SPOKEN = frozenset({Result.REACHED, Result.CALL_BACK, Result.AGREED, Result.DECLINED, Result.SOLVED})
"""Results that mean that somebody of ours and the customer really spoke."""
TODO_KIND = {"phone": "call", "visit": "visit"}
"""What a person has to do where a channel is one that only a person can go."""
SETTLED = SPOKEN - {Result.CALL_BACK}
"""Results after which nobody has to call or come again."""

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]+\.[^\s@<>\"',;:()\[\]\\.]{2,}")
MOVES = {"open": {"snoozed", "closed"}, "snoozed": {"open", "closed", "snoozed"}, "closed": {"open"}}


def require_move(status: str, to: str) -> None:
    """Refuse a state a conversation cannot take now."""
    if to not in MOVES[status]:
        raise Conflict("conversation.wrong_status", frm=status, to=to)


def require_result(channel: str, result: str) -> Result:
    """The result of a contact on a channel, or a refusal that says which there are."""
    known = RESULTS[channel]
    if result not in known:
        raise Invalid("conversation.needs_result", channel=channel, known=", ".join(known))
    return Result(result)


def require_text(text: str) -> str:
    """What somebody wrote, without white space around; nothing and too much are refused."""
    plain = text.replace("\x00", "").strip()
    if not plain:
        raise Invalid("message.empty")
    if len(plain) > LONGEST_TEXT:
        raise Invalid("message.too_long", most=LONGEST_TEXT)
    return plain


def require_beginning(purpose: str) -> None:
    """Refuse to begin with an answer: no rule for letters of our own accord holds for what was asked for."""
    if purpose == "reply":
        raise Invalid("conversation.answers_nothing")


def require_snooze(until: datetime, now: datetime) -> None:
    """Refuse to put something aside into the past or for ever."""
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("conversation.wrong_snooze", days=LONGEST_SNOOZE.days)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What goes along with the text of a message of ours."""

    send_at: datetime | None = None
    under: str = ""
    """What stands under it: the signature of whoever writes."""
    files: tuple[Attachment, ...] = ()
    copies: tuple[str, ...] = ()
    """Who gets a copy, seen by everybody who gets it."""


TEXT_ALONE = Beside()


def require_copies(addresses: Iterable[str], *, beside: str = "") -> tuple[str, ...]:
    """Who gets a copy, each once and the recipient not again; refused where one is no address or they are too many."""
    wanted = dict.fromkeys(one.strip().lower() for one in addresses if one.strip())
    wanted.pop(beside.lower(), None)
    wrong = next((one for one in wanted if len(one) > 254 or not _ADDRESS.fullmatch(one)), None)
    if wrong is not None:
        raise Invalid("message.copy_address", address=wrong[:254])
    if len(wanted) > MOST_COPIES:
        raise Invalid("message.too_many_copies", most=MOST_COPIES)
    return tuple(wanted)


def require_room(sizes: Iterable[int]) -> None:
    """Refuse more files, or larger ones, than a mail carries."""
    found = list(sizes)
    if len(found) > MOST_FILES:
        raise Invalid("message.too_many_files", most=MOST_FILES)
    if sum(found) > MOST_BYTES:
        raise TooLarge("message.files_too_large", most=MOST_BYTES >> 20)


def release(now: datetime, *, hold_seconds: int, send_at: datetime | None) -> datetime:
    """When a message leaves: at the time somebody chose, else after the seconds held back for second thoughts."""
    if not 0 <= hold_seconds <= CALL_BACK_SECONDS:
        raise Invalid("message.wrong_hold", most=CALL_BACK_SECONDS)
    if send_at is None:
        return now + timedelta(seconds=hold_seconds)
    if not now < send_at <= now + LONGEST_WAIT:
        raise Invalid("message.wrong_time", days=LONGEST_WAIT.days)
    return send_at


def signed(text: str, under: str) -> str:
    """A text with what stands under it, set apart as mail programs know it."""
    return f"{text}\n\n-- \n{under.strip()}" if under.strip() else text


def require_past(at: datetime, now: datetime) -> None:
    """What is written down by hand has happened."""
    if at > now + timedelta(minutes=5):
        raise Invalid("conversation.in_the_future")


def words(text: str) -> str:
    """The first words of a message, as a list shows them."""
    return AFTER_WIDE.sub("", " ".join(text.split()))[:200]


def beginning(text: str) -> str:
    """How a message begins, as a line of a story tells it."""
    said = words(text)
    return said if len(said) <= BEGINNING else f"{said[: BEGINNING - 1].rstrip()}…"


def answer_subject(subject: str) -> str:
    """The subject of an answer: "Re: " once."""
    return subject if subject[:3].lower() == "re:" or not subject else f"Re: {subject}"


def digest(sender: str, subject: str, text: str) -> str:
    """What makes two messages under one id the same message, whatever way they came."""
    said = "\x1f".join((sender, " ".join(subject.split()), " ".join(text.split())))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Waiting:
    """One of their messages: when it came, when it was acknowledged, when it was answered."""

    at: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None


def answered_by(waiting: Waiting, *, at: datetime, by_person: bool) -> Waiting:
    """The waiting message after a message of ours.

    A receipt acknowledges; an answer by a person acknowledges and answers. What we sent before it came does neither,
    and what comes after the first answer changes nothing.
    """
    if at < waiting.at or waiting.answered_at:
        return waiting
    return Waiting(waiting.at, waiting.acknowledged_at or at, at if by_person else None)
