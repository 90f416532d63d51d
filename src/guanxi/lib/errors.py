"""Problems a person can act on: a status, a stable code and values; the sentence lives in the message catalogues."""

from collections.abc import Container, Iterable
from difflib import get_close_matches
from typing import Any, ClassVar

MOST_NEAR = 3
MOST_LISTED = 60
LONGEST_TYPED = 80
AGAIN_AFTER = 2
"""Seconds after which what does not answer now is worth another try."""


class Problem(Exception):
    """Something that was refused or went wrong, said in a way that can be acted on."""

    status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        /,
        *,
        fields: dict[str, "Problem"] | None = None,
        values: dict[str, Any] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = {**(values or {}), **named}
        self.fields = fields or {}

    def __str__(self) -> str:
        said = [f"{name}={value!r}" for name, value in self.values.items()]
        said += [f"{name}: {problem.code}" for name, problem in self.fields.items()]
        return f"{self.code}({', '.join(said)})" if said else self.code


class Invalid(Problem):
    """What was given cannot be accepted as it is."""

    status = 422


class Unknown(Invalid):
    """A name that nothing has; those that are near it are offered, and the first of all."""

    def __init__(self, code: str, typed: object, known: Iterable[str], /, **named: Any) -> None:
        names = list(known)
        listed = [*names[:MOST_LISTED], "…"] if len(names) > MOST_LISTED else names
        super().__init__(code, known=", ".join(listed), **named)
        self.near = nearest(str(typed), names)
        self.typed, self.names = typed, names

    def without(self, names: Container[str]) -> "Unknown":
        """The same as if there were none of these names."""
        left = {name: value for name, value in self.values.items() if name != "known"}
        return type(self)(self.code, self.typed, [one for one in self.names if one not in names], **left)


def nearest(typed: str, known: Iterable[str]) -> list[str]:
    """The few names that are most like what was typed, by the whole of them or by their last part."""
    spelled: dict[str, list[str]] = {}
    for name in known:
        whole = name.casefold()
        for part in {whole, whole.rpartition(".")[2]}:
            spelled.setdefault(part, []).append(name)
    close = get_close_matches(typed[:LONGEST_TYPED].casefold(), spelled, n=MOST_NEAR)
    return list(dict.fromkeys(name for part in close for name in spelled[part]))[:MOST_NEAR]


class Unauthenticated(Problem):
    """Nobody is signed in, or the token no longer holds."""

    status = 401


class Forbidden(Problem):
    """The record may be seen, but this may not be done."""

    status = 403


class NotFound(Problem):
    """There is no such thing, or it may not be seen."""

    status = 404


class WrongMethod(Problem):
    """There is something at this address, but not by this method."""

    status = 405


class Conflict(Problem):
    """It cannot be done in the state things are in now."""

    status = 409


class Outdated(Problem):
    """It has changed since whoever asks last read it."""

    status = 412


class TooLarge(Problem):
    """More was sent than is taken."""

    status = 413


class TooMany(Problem):
    """Too often in too short a time."""

    status = 429


class Unavailable(Problem):
    """A part that is needed does not answer now."""

    status = 503
