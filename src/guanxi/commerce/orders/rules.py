"""What an order may be made of and how it is added up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal, Protocol

from guanxi.lib.errors import Conflict, Invalid

Kind = Literal["sale", "cancellation", "return", "adjustment"]
EXACT = Decimal("0.0001")
AHEAD = timedelta(days=1)
"""How far a date may be ahead of us: somewhere it is tomorrow already, and clocks go wrong."""


class LineLike(Protocol):
    """What a line is added up from."""

    @property
    def quantity(self) -> Decimal:
        """How many."""

    @property
    def unit_price(self) -> Decimal:
        """The price of one."""


@lru_cache(maxsize=20_000)
def amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """What a line comes to, rounded half up to four places as it is stored."""
    return exact(quantity * unit_price)


def exact(number: Decimal) -> Decimal:
    """A number as it is stored: four places, rounded half up."""
    return number.quantize(EXACT, rounding=ROUND_HALF_UP)


def total(lines: Iterable[LineLike]) -> Decimal:
    """What an order comes to: the sum of its lines."""
    return sum((amount(line.quantity, line.unit_price) for line in lines), Decimal(0))


def kind_of(number: str, quantities: Iterable[Decimal]) -> Kind:
    """What a document is that does not say so: by the letter before its number, else by its signs."""
    if number[:1] in _LETTERS and number[1:].isdigit():
        return _LETTERS[number[:1]]
    return "sale" if any(quantity > 0 for quantity in quantities) else "adjustment"


_LETTERS: dict[str, Kind] = {"C": "cancellation", "A": "adjustment", "R": "return"}


def require_lines(lines: Iterable[LineLike], kind: str) -> None:
    """Refuse an order of nothing, and a sale that gives instead of takes."""
    known = list(lines)
    if not known:
        raise Invalid("order.needs_lines")
    if kind == "sale" and any(line.quantity <= 0 for line in known):
        raise Invalid("order.sale_of_nothing")


def latest(moment: datetime) -> datetime:
    """Until when an order can have been placed at all."""
    return moment + AHEAD


def require_placed(ordered_at: datetime, moment: datetime) -> None:
    """Refuse an order that nobody can have placed yet."""
    if ordered_at > latest(moment):
        raise Invalid("order.in_the_future")


def require_cancellable(kind: str, *, cancelled: bool) -> None:
    """Refuse to cancel what is no sale or was cancelled before."""
    if kind != "sale":
        raise Conflict("order.not_a_sale", kind=kind)
    _require_standing(cancelled)


def require_correctable(kind: str, *, cancelled: bool) -> None:
    """Refuse to correct what only takes another document back, or what was taken back itself."""
    if kind == "cancellation":
        raise Conflict("order.takes_another_back")
    _require_standing(cancelled)


def _require_standing(cancelled: bool) -> None:
    if cancelled:
        raise Conflict("order.already_cancelled")
