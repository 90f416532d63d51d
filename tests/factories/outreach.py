"""Strategies and their recipients."""

from itertools import count
from typing import Any

from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.writes import create
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.operations import create_strategy
from tests.factories import channels, customers

_numbers = count(1)
EVERYBODY: dict[str, Any] = {"and": []}


def strategy(by: Actor = SYSTEM, **values: Any) -> Strategy:
    """News to everybody by e-mail."""
    given = {"name": f"Strategy {next(_numbers)}", "purpose": "marketing", "channels": ["email"], **values}
    if "segment" not in given:
        given.setdefault("condition", EVERYBODY)
    if "email" in given["channels"] and "template" not in given:
        given["template"] = channels.template(purpose=given["purpose"]).pk
    return create_strategy(by, **given)


def recipient(**values: Any) -> Recipient:
    """Somebody meant by a strategy."""
    whose = values.pop("customer", None) or customers.customer()
    given = {"strategy": values.pop("strategy", None) or strategy(), "occasion": f"1/round:{next(_numbers)}"}
    return create(SYSTEM, Recipient, customer=whose, **{**given, **values})
