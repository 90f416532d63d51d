"""Problems a person can act on: a status, a stable code and values; the sentence lives in the message catalogues."""

from typing import Any, ClassVar


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
        said = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({said})" if said else self.code


class Invalid(Problem):
    """What was given cannot be accepted as it is."""

    status = 422


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


class TooLarge(Problem):
    """More was sent than is taken."""

    status = 413


class TooMany(Problem):
    """Too often in too short a time."""

    status = 429


class Unavailable(Problem):
    """A part that is needed does not answer now."""

    status = 503
