"""Nothing is declared that leads nowhere: columns that nobody writes, fields that nobody can give, unread events."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.events import Event, events, handlers, noun_of
from guanxi.kernel.operations import making
from guanxi.kernel.records import RecordType, records
from guanxi.kernel.sensitive import Sealed
from guanxi.workspace.imports.targets import Column, Line, Target, targets
from tests.factories import customers, workspace
from tests.requirements import CHECKOUT

pytestmark = pytest.mark.django_db
PLACES = CHECKOUT / "web" / "src" / "app" / "places.ts"
SAID: dict[str, tuple[Any, Any]] = {
    "text": ("One", "Two"),
    "number": (Decimal(2), Decimal(3)),
    "place": (1, 2),
    "moment": (datetime(2020, 1, 2, 3, tzinfo=UTC), datetime(2021, 2, 3, 4, tzinfo=UTC)),
    "day": (date(1980, 1, 2), date(1981, 2, 3)),
    "yes_no": (True, False),
    "email": ("one@customers.test", "two@customers.test"),
    "phone": ("+442079460123", "+442079460124"),
    "currency": ("CHF", "SEK"),
}
"""Two different things that a cell of a kind may say."""
TABLES = ("customers", "commerce", "channels")
RECENT = datetime(2026, 1, 1, tzinfo=UTC)
"""What is later is the time of the test."""
OF_NAMES: dict[str, tuple[Any, Any]] = {
    "country": ("GB", "DE"),
    "agent": ("ann@colleagues.test", "bob@colleagues.test"),
    "duration": ("1:30", "2:30"),
    "result": ("reached", "declined"),
    "organisation": ("Three", "Four"),
    "until": (date(1990, 1, 2), date(1991, 2, 3)),
}
"""Where it is the name of a column that says what may stand in it."""
NAMING = {
    "contacts": ("person", "name", "email", "phone", "organisation"),
    "consents": ("customer", "email", "phone"),
    "conversations": ("customer", "email", "phone", "agent"),
}
"""Columns that name customers or colleagues: of them a reference is left, or a refusal where they disagree."""
OURS = {"id", "created_at", "updated_at", "created_in", "change_set", "search"}
"""What a write makes of its own accord."""
LATER = {
    "workspace.import": ({"owner", "team"}, "a file belongs to whoever brings it"),
    "commerce.order": ({"owner", "team"}, "an order belongs to whoever writes it down"),
    "channels.template": ({"owner", "team"}, "a letter belongs to whoever writes it, until that is changed"),
    "channels.mailbox": (
        {"marks_seen", "plus_addressing", "acknowledgement", "owner"},
        "how a mailbox is worked with is decided once it is connected",
    ),
    "customers.customer": (
        {"id_number", "passport_number", "bank_account"},
        "what is given to a verb is kept by journeys and to-dos in the clear",
    ),
}
"""What is not given when a record is made by its own verb, and why not."""
NOBODY_READS: dict[str, str] = {}
"""Events that neither a handler hears nor the page of a record tells, and why they are kept."""


def sample(name: str, column: Column, which: int) -> Any:
    """What a cell says, in one of two ways."""
    if name in OF_NAMES:
        return OF_NAMES[name][which]
    return column.choices[which] if column.choices else SAID[column.kind][which]


def line(target: Target, other: str = "") -> Line:
    """A row in which every column says something; `other` says something else."""
    told = {name: sample(name, column, int(name == other)) for name, column in target.columns.items()}
    return Line(number=1, values=told, ordinal=told.get(target.place or "", 1))


@contextmanager
def taken_back() -> Iterator[None]:
    """Leave nothing of what is done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def becomes(target: Target, other: str = "") -> list[str]:
    """What stands in the tables after such a row has come in."""
    with taken_back():
        if target.noun in NAMING:
            known()
        result = target.write(SYSTEM, [line(target, other)])
        assert (result.created, result.problems) == (1, [])
        return [told for model in apps.get_models() if model._meta.app_label in TABLES
                for told in sorted(map(plain, model._default_manager.all()))]  # fmt: skip


def known() -> None:
    """The customers and colleagues whom rows may name."""
    for address in OF_NAMES["agent"]:
        workspace.user("agent", name=address, email=address)
    for which, key in enumerate(("One", "Two", "Three", "Four")):
        one = customers.customer(key=key, name=key, kind="person" if which < 2 else "organisation")
        for kind in ("email", "phone") if which < 2 else ():
            customers.contact_point(one, kind=kind, value=SAID[kind][which])


def plain(row: models.Model) -> str:
    """A row without what is different each time."""
    kept = [f for f in row._meta.concrete_fields if f.name not in OURS and not f.is_relation and "token" not in f.name]
    values = {f.name: getattr(row, f.attname) for f in kept}
    values = {name: value.opened() if isinstance(value, Sealed) else value for name, value in values.items()}
    told = {name: "now" if isinstance(value, datetime) and value > RECENT else value for name, value in values.items()}
    return f"{row._meta.label}: {told}"


def lost(target: Target) -> list[str]:
    """The columns of which nothing is left, whatever they say."""
    before = becomes(target)
    assert becomes(target) == before
    tried = [name for name in target.columns if name not in NAMING.get(target.noun, ())]
    return [name for name in tried if becomes(target, name) == before]


@pytest.mark.parametrize("noun", targets())
def test_what_a_column_of_a_file_says_is_kept(noun):
    assert lost(targets()[noun]) == []


def test_a_planted_column_that_nobody_writes_is_caught():
    people = targets()["customers"]
    assert lost(replace(people, own={**people.columns, "forgotten": Column()})) == ["forgotten"]


def not_given(record: RecordType) -> set[str]:
    """The fields that people write and the verb that makes a record does not take."""
    named = making(record)
    written = {name for name, field in record.fields.items() if field.writable}
    return written - set(named.input.model_fields) if named else set()


def test_what_people_write_of_a_record_is_given_when_it_is_made():
    lacking = {name: left for name, record in records().items() if (left := not_given(record))}
    later = {name: left for name, (left, _why) in LATER.items()}
    assert lacking == later, "a parameter of the verb in `create=`, or a line in LATER that says why not"


def test_a_planted_field_that_cannot_be_given_is_caught():
    made = records()["service.ticket"]
    assert not_given(made) == set()
    assert not_given(replace(made, writable=(*made.writable, "number"))) == {"number"}


def without_a_place(text: str, plurals: list[str]) -> list[str]:
    """The nouns whose pages belong to no place of the client."""
    placed = set(re.findall(r'"/(\w+)"', text))
    return [plural for plural in plurals if plural not in placed]


def test_every_noun_has_its_place_in_the_client():
    plurals = [record.plural for record in records().values() if not record.name.startswith("test.")]
    homeless = without_a_place(PLACES.read_text("utf-8"), plurals)
    assert not homeless, f"to be named under a place of web/src/app/places.ts: {homeless}"
    assert without_a_place(PLACES.read_text("utf-8"), ["planted_boats"]) == ["planted_boats"]


def heard(kind: type[Event]) -> bool:
    """Whether a handler reacts to an event always, or the page of a record tells of it."""
    told = any(noun_of(f.name, {"record": "customers.customer"}) for f in fields(kind))
    return told or any(issubclass(kind, one.types) and not one.wanted for one in handlers().values())


def test_every_event_has_somebody_who_hears_or_reads_it():
    unread = {name for name, kind in events().items() if not name.startswith("test.") and not heard(kind)}
    assert unread == set(NOBODY_READS)


def test_a_planted_event_that_nobody_reads_is_caught():
    @dataclass(frozen=True, kw_only=True)
    class BoatSank(Event):
        depth: int

    assert not heard(BoatSank)
