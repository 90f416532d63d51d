"""Who bought, as the lines of a file say it: by number, else by address or phone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from guanxi.customers.contact_points.operations import Way, add_many
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.recognition import WAYS, handles_of, known
from guanxi.kernel.access import hidden_from
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import new_id
from guanxi.kernel.words import say
from guanxi.kernel.writes import insert_many
from guanxi.lib.countries import code_of
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports.targets import Line, Result

COLUMN_OF = {"key": "customer", "email": "customer_email", "phone": "customer_phone"}
RECOGNISING = tuple(COLUMN_OF.values())


class Buyer(NamedTuple):
    """Who bought, as a row says it; `country` is where a number without a code is from, if there is one."""

    key: str
    email: str
    phone: str
    country: str


@dataclass(frozen=True, kw_only=True)
class Buyers:
    """Who bought, line by line."""

    said: Mapping[int, Buyer]
    customers: Mapping[Buyer, UUID]

    def customer(self, line: Line) -> UUID | None:
        """Whom a line means; nobody where it says nothing that somebody is recognised by."""
        return self.customers.get(self.said[line.number])

    def differ(self, lines: Iterable[Line]) -> bool:
        """Whether lines name different customers; a line may say less than another."""
        said = {self.said[line.number] for line in lines}
        return len(said) > 1 and any(len({*one} - {""}) > 1 for one in zip(*said, strict=True))


def find_or_create(actor: Actor, lines: Sequence[Line], result: Result) -> Buyers:
    """The customers of some lines; those whom nobody knows yet are new, under their name where one is given."""
    said = {line.number: _buyer(line) for line in lines}
    named = [line for line in reversed(lines) if "customer_name" in line.values]
    names = {said[line.number]: line.values["customer_name"] for line in named}
    handles = _handles(said.values())
    there = known({handle for own in handles.values() for handle in own})
    new: list[dict[str, Any]] = []
    ways: list[tuple[UUID, Way]] = []
    found: dict[Buyer, UUID] = {}
    for buyer, own in handles.items():
        id = next((there[handle] for handle in own if handle in there), None)
        if id is None and own:
            id = new_id()
            new.append({"id": id, "key": buyer.key, "name": names.get(buyer) or _unnamed(actor, buyer)})
            ways += [(id, way) for way in _ways(buyer)]
            there |= dict.fromkeys(own, id)
        if id:
            found[buyer] = id
    insert_many(actor, Customer, sorted(new, key=itemgetter("key")), using="customers.customer.create")
    if ways:
        add_many(actor, ways)
    if new:
        result.notes["customers"] = len(new)
    return Buyers(said=said, customers=found)


def columns_of_unseen(actor: Actor, lines: Sequence[Line]) -> dict[int, str]:
    """The lines that mean a customer whom the actor does not see, with the column that names them."""
    said = {line.number: _buyer(line) for line in lines}
    handles = _handles(said.values())
    there = known({handle for own in handles.values() for handle in own})
    hidden = set(hidden_from(actor, Customer).filter(pk__among=there.values()).values_list("pk", flat=True))
    meant = {number: next((one for one in handles[buyer] if one in there), None) for number, buyer in said.items()}
    return {
        number: COLUMN_OF[handle.partition(":")[0]]
        for number, handle in meant.items()
        if handle and there[handle] in hidden
    }


def _buyer(line: Line) -> Buyer:
    values = line.values
    phone = values.get("customer_phone", "")
    country = (code_of(str(values.get("country", ""))) or line.country) if phone else ""
    return Buyer(values.get("customer", ""), values.get("customer_email", ""), phone, country)


def _handles(buyers: Iterable[Buyer]) -> dict[Buyer, list[str]]:
    home = COUNTRY.get()
    return {buyer: handles_of(buyer._asdict(), country=buyer.country or home) for buyer in dict.fromkeys(buyers)}


def _unnamed(actor: Actor, buyer: Buyer) -> str:
    """Somebody of whom no name is known is called after what they are known by."""
    return say("import.unnamed_customer", actor.language, key=buyer.key or buyer.email or buyer.phone)[:200]


def _ways(buyer: Buyer) -> list[Way]:
    said = [(kind, getattr(buyer, kind)) for kind in WAYS]
    return [Way(kind=kind, value=value, main=True, country=buyer.country) for kind, value in said if value]
