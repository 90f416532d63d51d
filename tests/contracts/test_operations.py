"""What holds for every operation, present and future."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guanxi.commerce.orders.operations import Line
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.operations import Operation, operations
from guanxi.kernel.records import records
from guanxi.kernel.time import now
from guanxi.lib.errors import Forbidden, Invalid
from tests import factories
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

AHEAD = {"until", "due_at", "send_at"}
"""Times that are meant to lie ahead."""
ASKED = {"channels.delivery.ask", "app.mirror.keep"}
"""What asks for a time and notes nothing of it."""
TOLD = [
    pytest.param(one, name, id=f"{one.name}.{name}")
    for one in operations().values()
    for name, hint in one.hints.items()
    if hint in (datetime, datetime | None) and name not in AHEAD and one.name not in ASKED
]
SOURCED = [pytest.param(one, id=one.name) for one in operations().values() if "source" in one.hints]
PEOPLES = [pytest.param(one, id=one.name) for one in operations().values() if one.human_only]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", PEOPLES)
@pytest.mark.parametrize("kind", ["journey", "customer"])
def test_what_is_for_people_only_is_done_by_nobody_else(operation: Operation, kind):
    with nothing_changes(), pytest.raises(Forbidden, match="operation.human_only"):
        operation.function(replace(SYSTEM, kind=kind))


@pytest.mark.django_db
@pytest.mark.parametrize(("operation", "name"), TOLD)
def test_what_is_said_to_have_happened_is_refused_while_it_lies_ahead(operation: Operation, name):
    """A word of the year 2999 would outweigh every later one, and its figure would never come."""
    subject = [factories.one(operation.record).pk] if operation.subject else []
    given = beside(operation)
    with nothing_changes(), pytest.raises(Invalid):
        operation.function(SYSTEM, *subject, **given, **{name: now() + timedelta(days=365)})
    operation.function(SYSTEM, *subject, **given)


@pytest.mark.django_db
@pytest.mark.parametrize("operation", SOURCED)
def test_a_source_is_that_of_whoever_says_it_so_that_nobody_takes_what_the_house_will_note_under_it(operation):
    """What is made once for a source would never be made by the house if somebody had been there first."""
    given, people = beside(operation), [make.actor("owner") for _ in range(2)]
    made = [operation.function(one, source="recipient:1", **given) for one in people for _ in range(2)]
    assert [made.index(row) for row in made] == [0, 0, 2, 2]
    assert not type(made[0]).objects.filter(source="recipient:1").exists()


def beside(operation: Operation) -> dict[str, Any]:
    """The rest of what such an operation has to be told."""
    customer = factories.one(records()["customers.customer"]).pk
    known: dict[str, Any] = {
        "customer": customer, "purpose": "marketing", "wording": "Yes", "how": "told", "place": "shop",
        "result": "sent" if operation.verb == "log_letter" else "reached", "text": "Said so.", "subject": "A matter",
        "reason": "complaint",
        "conversation": factories.one(records()["channels.conversation"]).pk, "number": "A-1", "occasion": "1/x",
        "lines": [Line(quantity=Decimal(1), unit_price=Decimal(1))],
    }  # fmt: skip
    needed = {name for name, field in operation.input.model_fields.items() if field.is_required()}
    if operation.noun == "customers.consent":
        needed |= {"customer", "place"}
    return {name: known[name] for name in needed}
