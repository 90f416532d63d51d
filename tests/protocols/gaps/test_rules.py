"""Whether a scope reaches what has to be covered."""

import pytest

from guanxi.kernel import measures
from guanxi.protocols.gaps.rules import WATCHED, beginning, speaks_of

KNOWN = {"channel": "phone"}


def of(op: str, value: object = None, field: str = "channel") -> dict:
    """A condition on a field."""
    return {"field": field, "op": op, "value": value}


IS, IS_NOT, OTHER = of("is", "phone"), of("is_not", "phone"), of("is", "high", "priority")


@pytest.mark.parametrize(
    ("scope", "answer"),
    [
        (None, True),
        ({}, True),
        (IS, True),
        (IS_NOT, False),
        (of("is", "email"), False),
        (of("in", ["email", "phone"]), True),
        (of("in", []), False),
        (of("not_in", ["email"]), True),
        (of("not_in", ["email", "phone"]), False),
        (of("empty"), False),
        (of("not_empty"), True),
        (of("contains", "pho"), None),
        (OTHER, None),
        ({"related": "orders", "aggregate": "exists"}, None),
        ({"not": IS}, False),
        ({"not": of("is", "email")}, True),
        ({"not": OTHER}, None),
        ({"and": []}, True),
        ({"or": []}, False),
        ({"and": [IS, OTHER]}, None),
        ({"and": [IS_NOT, OTHER]}, False),
        ({"or": [IS, OTHER]}, True),
        ({"or": [IS_NOT, OTHER]}, None),
        ({"or": [IS_NOT, of("is", "visit")]}, False),
    ],
)
def test_what_a_scope_says_of_one_channel(scope, answer):
    assert speaks_of(scope, KNOWN) is answer


@pytest.mark.parametrize("kind", WATCHED)
@pytest.mark.parametrize("value", ["email", "phone", "chat", "complaint", "request"])
def test_the_clause_that_is_begun_speaks_of_what_has_to_be_covered(kind, value):
    watch, likely = WATCHED[kind], beginning(kind, value)
    measure = measures.of_name(likely.measure)
    assert measures.noun_of(likely.measure).name in watch.counted
    assert watch.split in measure.dimensions
    assert not watch.timed or measure.unit == "seconds"
    assert likely.field in ("", watch.split)
