"""Every address of the house with the rights it has to ask for, and the smallest request of each."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client

from guanxi.kernel import access
from guanxi.kernel.measures import measures
from guanxi.kernel.models import Row
from guanxi.kernel.operations import making, of_noun, operations
from guanxi.kernel.records import RecordType, records, relations
from guanxi.kernel.time import now
from guanxi.kernel.words import words
from tests import factories
from tests.described import DESCRIBED, Schema, smallest

PUBLIC = {
    "get /words/{language}": "the texts of the program, for the page on which people sign in",
    "get /start": "whether there is anybody yet, for the page on which people sign in",
    "post /first-run": "an empty house has nobody; refused as soon as there is somebody",
    "post /sign-in": "how one becomes somebody",
    "post /welcome/look": "the link of whoever works here, signed",
    "post /welcome": "the link of whoever works here, signed",
    "get /unsubscribe/{token}": "the customer's link, signed",
    "post /unsubscribe/{token}": "the customer's link, signed",
    "get /rate/{token}": "the customer's link, signed",
    "post /rate/{token}": "the customer's link, signed",
}
"""What nobody in particular may ask, and why."""
EVERYBODYS = {
    "get /me": "one's own name and rights",
    "post /me/password": "one's own, by the old one",
    "post /sign-out": "ends one's own session",
    "get /ping": "tells nothing",
    "get /meta": "of each catalogue what the reader has a right to",
    "get /search": "of each noun what the reader sees",
    "get /today": "of each noun what the reader sees",
    "get /sample": "two numbers of the sample company",
    "get /imports/nouns": "those the reader may import",
}
"""What everybody who works here may ask whatever their role, and why."""
BY_HAND = {
    "post /undo": ("kernel.undo",),
    "patch /me": ("workspace.user.change_own",),
    "get /settings": ("workspace.setting.choose",),
    "get /calendar": ("workspace.holiday.read",),
    "get /office_hours": ("workspace.holiday.read",),
    "get /mirror": ("customers.customer.read",),
    "post /segments/preview": ("customers.customer.read",),
    "post /segments/preview_classes": ("customers.customer.read",),
    "get /segments/{id}/uses": ("customers.segment.read",),
    "post /imports/upload": ("workspace.import.prepare", "customers.customer.create"),
    "get /imports/look": ("workspace.import.prepare", "customers.customer.create"),
    "get /imports/{id}/problems": ("workspace.import.read",),
    "get /imports/{id}/problems.csv": ("workspace.import.read",),
    "get /customers/{id}/may_contact": ("channels.delivery.ask",),
    "get /protocols/{id}/page": ("protocols.protocol.read",),
    "get /protocols/{id}/handbook": ("protocols.protocol.read",),
    "get /protocols/{id}/diff": ("protocols.protocol.read",),
    "get /effects": tuple(
        f"outreach.strategy.{name}"
        for name in (
            "contacted",
            "delivered",
            "answered",
            "satisfied",
            "converted",
            "left_alone",
            "revenue",
            "cost",
        )
    ),
    "put /drafts/{id}/content": ("channels.draft.write",),
    "get /drafts/{id}/files": ("channels.draft.read",),
    "post /drafts/{id}/files": ("channels.draft.write",),
    "post /drafts/{id}/take_file": ("channels.draft.write", "channels.message.read"),
    "delete /drafts/{id}/files/{number}": ("channels.draft.write",),
    "get /drafts/envelope": ("channels.conversation.write", "customers.customer.read"),
    "get /drafts/signature": ("channels.draft.read",),
    "get /conversations/{id}/others": ("channels.conversation.read", "channels.message.read"),
    "get /conversations/{id}/writers": ("channels.draft.read", "channels.conversation.read"),
    "get /messages/{id}/attachments": ("channels.message.read",),
    "get /messages/{id}/attachments/{number}": ("channels.message.read",),
}
"""The rights that routes ask for which no catalogue generates."""
TOLD: dict[str, dict[str, Any]] = {
    "post /conversations/{id}/snooze": {"until": str(now() + timedelta(days=1))},
    "post /deliveries/{id}/reschedule": {"send_at": (now() + timedelta(days=1)).isoformat()},
    "post /tickets/{id}/assign": {"owner": str(uuid4())},
    "post /clauses/{id}/change": {"text": {"en": "We answer."}},
    "post /versions/{id}/add_clause": {"text": {"en": "We answer."}},
}
"""What routes have to be told where the smallest of its kind makes no sense: it is looked at before the record is."""
GIVEN = {"noun": "customers", "name": "people.csv", "file": "0" * 64}
"""What routes have to be told in their address, where not anything will do."""


@dataclass(frozen=True)
class Route:
    """A way to ask something, with the rights it has to ask for."""

    key: str
    rights: tuple[str, ...]
    about: Schema = field(compare=False)
    named: str = ""
    """The figure or the verb that its address names."""

    @property
    def method(self) -> str:
        """How it is asked."""
        return self.key.partition(" ")[0]

    @property
    def place(self) -> str:
        """The first word of its address."""
        return self.key.partition("/")[2].partition("/")[0]

    @property
    def of_one(self) -> bool:
        """Whether it speaks of one record."""
        return "{id}" in self.key


def generated() -> dict[str, tuple[str, ...]]:
    """The routes that the catalogues of nouns and verbs declare, with their rights."""
    found: dict[str, tuple[str, ...]] = {}
    for record in records().values():
        at, one, seen = f"/{record.plural}", f"/{record.plural}/{{id}}", access.read(record)
        found |= {f"get {where}": (seen,) for where in (at, f"{at}/bounds", one, f"{one}/history", f"{one}/timeline")}
        if for_many(record.plural):
            found[f"post {at}/bulk/{{verb}}"] = ()
        if record.extensible or "sensitive" in {field.kind for field in record.own.values()}:
            found[f"post {at}/blind_index"] = (seen,)
        if access.grantable(record):
            found[f"post {one}/reveal"] = (f"{record.name}.reveal",)
        for name, relation in relations(record).items():
            found[f"get {one}/{name}"] = (access.read(relation.child), seen)
        if record.create != "never":
            named = making(record)
            found[f"post {at}"] = (named.name if named else f"{record.name}.create",)
        if record.changeable:
            found |= {f"patch {one}": (f"{record.name}.change",), f"post {at}/bulk/change": (f"{record.name}.change",)}
        if record.has("archived_at") and f"{record.name}.archive" not in operations():
            found |= {f"post {one}/{verb}": (f"{record.name}.archive",) for verb in ("archive", "restore")}
    made = [record.create for record in records().values()]
    for operation in operations().values():
        if operation.function not in made:
            noun = records().get(operation.noun)
            place = noun.plural if noun else operation.noun.rpartition(".")[2]
            found[f"post /{place}/{'{id}/' if operation.subject else ''}{operation.verb}"] = (operation.name,)
    return found


def for_many(place: str) -> dict[str, str]:
    """What can be done to many records at an address, by its verb, with the right to it."""
    record = noun_of(place)
    assert record is not None
    found = {one.verb: one.name for one in of_noun(record.name) if one.for_many}
    if record.has("archived_at") and f"{record.name}.archive" not in operations():
        found |= dict.fromkeys(("archive", "restore"), f"{record.name}.archive")
    return found


def described(schema: Schema) -> dict[str, Schema]:
    """Every route that the interface describes."""
    return {
        f"{method} {where.removeprefix('/api')}": about
        for where, methods in schema["paths"].items()
        for method, about in methods.items()
    }


def routes() -> Iterator[Route]:
    """Every route that asks for a right; those of figures once for each."""
    rights = {**generated(), **BY_HAND}
    for key, about in described(DESCRIBED).items():
        if key.startswith("get /measures/{name}"):
            yield from (Route(key, (one,), about, one) for one in measures() if not one.startswith("test."))
        elif key.endswith("/bulk/{verb}"):
            place = key.partition("/")[2].partition("/")[0]
            yield from (Route(key, (right,), about, verb) for verb, right in for_many(place).items())
        elif key not in {**PUBLIC, **EVERYBODYS}:
            yield Route(key, rights.get(key, ()), about)


def undeclared(schema: Schema) -> set[str]:
    """What is described and neither declared by a catalogue nor listed above, and what is listed and is no more."""
    listed = {**PUBLIC, **EVERYBODYS, **BY_HAND, "get /measures/{name}": (), "get /measures/{name}/cases": ()}
    return set(described(schema)) ^ {*generated(), *listed}


def listed(key: str) -> Route:
    """A route by its name."""
    return Route(key, (), described(DESCRIBED)[key])


@dataclass(frozen=True)
class Said:
    """What came back: whether a right was missing, or which record was not found."""

    status: int
    code: str = ""
    right: str = ""
    missing: str = ""


def noun_of(place: str) -> RecordType | None:
    """The noun of an address."""
    return next((record for record in records().values() if record.plural == place), None)


class House:
    """A record of each noun, and the smallest request of each route about it; what was done is taken back."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._customer = str(factories.one(records()["customers.customer"]).pk)

    def row(self, place: str) -> Row | None:
        """The record that is there at an address."""
        noun = noun_of(place)
        if noun and place not in self._rows:
            self._rows[place] = factories.one(noun)
        return self._rows.get(place)

    def ask(self, client: Client, route: Route) -> Said:
        """The answer to the smallest request of a route."""
        row = self.row(route.place) if route.of_one else None
        blanks = {"id": row and str(row.pk), "name": route.named, "verb": route.named, "number": "1"}
        where = re.sub(r"{(\w+)}", lambda found: blanks.get(found[1]) or str(uuid4()), route.key.partition(" ")[2])
        needed = [one for one in route.about.get("parameters", ()) if one["in"] == "query" and one.get("required")]
        query = "&".join(f"{one['name']}={GIVEN.get(one['name'], smallest(one['schema']))}" for one in needed)
        content = route.about.get("requestBody", {}).get("content", {}).get("application/json")
        body = {**smallest(content["schema"]), **TOLD.get(route.key, {})} if content else {}
        if "customer" in body:
            body["customer"] = self._customer
        given = {} if route.method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        with transaction.atomic():
            got = getattr(client, route.method)(f"/api{where}?{query}", **given)
            if got.status_code < 400:
                transaction.set_rollback(True)
                return Said(got.status_code)
        said = json.loads(got.content)
        values = said["values"]
        not_found = values["id"] if said["code"] == "record.not_found" else ""
        return Said(got.status_code, said["code"], values.get("permission", ""), not_found)

    def refused(self, said: Said, route: Route, right: str) -> bool:
        """Whether a caller was sent away for want of a right, or not shown that the record is there."""
        if said.code == "access.not_granted":
            return said.right == words("en").get(right, right)
        return self.unseen(said, route)

    def unseen(self, said: Said, route: Route) -> bool:
        """Whether a caller was told that the record which is there is not."""
        return route.of_one and (said.status, said.missing) == (404, str(self._rows[route.place].pk))
