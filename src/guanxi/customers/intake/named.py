"""Whom the rows of a file name: customers who are there already, by their key, else by their address or number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from guanxi.customers.customers.intake import TARGET as CUSTOMERS
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.recognition import handles_of, known
from guanxi.kernel.access import hidden_from
from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Invalid, NotFound, Problem
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports.targets import Column, Line

KEY, EMAIL, PHONE = (CUSTOMERS.columns[name] for name in ("key", "email", "phone"))


@dataclass(frozen=True, kw_only=True)
class Named:
    """The customer of each line, by its number, or the column that names one and why that is nobody."""

    customers: Mapping[int, UUID]
    wrong: Mapping[int, tuple[str, Problem]]
    absent: frozenset[int] = frozenset()
    """The lines that name somebody whom nobody knows yet."""


def named(actor: Actor, lines: Sequence[Line], columns: Mapping[str, str]) -> Named:
    """Whom some lines name; `columns` says which of them hold a key, an email and a phone."""
    home = COUNTRY.get()
    handles = {line.number: _handles(line, columns, home) for line in lines}
    there = known({handle for own in handles.values() for handle in own})
    hidden = set(hidden_from(actor, Customer).filter(pk__among=there.values()).values_list("pk", flat=True))
    customers: dict[int, UUID] = {}
    wrong: dict[int, tuple[str, Problem]] = {}
    absent: set[int] = set()
    for number, own in handles.items():
        meant = next((handle for handle in own if handle in there), None)
        if meant is None or there[meant] in hidden:  # who is not seen is nobody
            wrong[number] = _unknown(own, columns)
            if own and meant is None:
                absent.add(number)
        else:
            customers[number] = there[meant]
    return Named(customers=customers, wrong=wrong, absent=frozenset(absent))


def key_column(*headings: str, perhaps: Iterable[str] = ()) -> Column:
    """A column that holds the key of a customer."""
    return Column(longest=KEY.longest, headings=headings, perhaps=tuple(perhaps))


def _handles(line: Line, columns: Mapping[str, str], home: str) -> list[str]:
    said = {kind: line.values[column] for kind, column in columns.items() if column in line.values}
    return handles_of(said, country=line.country or home)


def _column(handle: str, columns: Mapping[str, str]) -> str:
    return columns[handle.partition(":")[0]]


def _unknown(handles: Sequence[str], columns: Mapping[str, str]) -> tuple[str, Problem]:
    if not handles:
        return next(iter(columns.values())), Invalid("import.nobody_named")
    return _column(handles[0], columns), NotFound("import.no_such_customer", text=handles[0].partition(":")[2][:80])
