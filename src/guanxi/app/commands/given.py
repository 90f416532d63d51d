"""What is given to commands, as people and scripts write it; what cannot be read is refused with a way to write it."""

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime
from uuid import UUID

from guanxi.kernel.words import spoken


def moment(text: str) -> datetime:
    """A moment; UTC where no zone is given."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        said = f"“{text}” is no moment; one is written 2026-11-26 or 2026-11-26T14:30+08:00"
        raise ArgumentTypeError(said) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day(text: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day; one is written 2026-11-26") from None


def key(text: str) -> UUID:
    """The id of something, as other commands and answers print it."""
    try:
        return UUID(text)
    except ValueError:
        said = f"“{text}” is no id; one looks like 01a21806-0d9f-7570-a949-e9e2a692c9ca and is printed by what made it"
        raise ArgumentTypeError(said) from None


def colleague(text: str) -> str:
    """The address of somebody who works here; left out, it is said what it is for."""
    if not text:
        said = (
            "whom shall it act for? Give the address of somebody who works here; it may do what they may, nothing else"
        )
        raise ArgumentTypeError(said)
    return text


def language(text: str) -> str:
    """A language by any of its names: zh-TW and zh-Hant are one."""
    return spoken(text)
