"""Whatever a condition can say stands in the how-to page, has words in every language, and is offered by the client."""

import json
import re

import pytest

from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.records import type_of
from guanxi.kernel.words import words
from tests.requirements import CHECKOUT

PAGE = (CHECKOUT / "docs" / "how-to" / "write-a-condition.md").read_text("utf-8")
TYPES = (CHECKOUT / "web" / "src" / "api" / "types.ts").read_text("utf-8")
ASKED = {op for ops in (*rules.OPERATORS.values(), *rules.PERSONAL.values()) for op in ops}
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def rows(heading):
    """The first cells of the table under a heading, as they are quoted."""
    cells = re.findall(r"^\| (`.*?) \|", PAGE.partition(f"## {heading}")[2].partition("\n## ")[0], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_page_has_every_operator_aggregate_and_length():
    assert rows("Operators") == ASKED
    assert rows("Related records") == set(rules.AGGREGATES)
    for name in (*rules.WINDOWS, *rules.WITHIN):
        assert f"`{name}`" in PAGE, name
    for period in rules.PERIODS:
        assert f'`"{period}"`' in PAGE, period


def test_the_client_knows_every_operator():
    known = re.search(r"export type Operator =(.*?);", TYPES, re.DOTALL)
    assert known and set(re.findall(r'"(\w+)"', known[1])) == ASKED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operator_has_words(language):
    moving = {f"condition.time.{op}" for op in rules.MOVING}
    said = {f"condition.op.{op}" for op in ASKED - {*rules.MOVING, "contains_any"}}
    chosen = {f"ui.op_name.{op}" for op in ASKED} | {f"ui.op.{op}" for op in ASKED - {*rules.MOVING}}
    periods = {f"condition.{op}.{one}" for op in ("this", "previous") for one in rules.PERIODS}
    figures = {f"ui.aggregate.{one}" for one in rules.AGGREGATES}
    lengths = {f"{name}.{one}" for name in ("condition.window", "ui.condition.unit") for one in rules.WINDOWS}
    assert sorted((moving | said | chosen | periods | figures | lengths) - set(words(language))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_examples_of_the_page_can_be_asked_and_said(example):
    assert matching(SYSTEM, example, type_of(Customer)).count() == 0
    assert sentence(example, type_of(Customer), actor=SYSTEM, currency="GBP")


def test_there_are_examples():
    assert len(EXAMPLES) >= 5
