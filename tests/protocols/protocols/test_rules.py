"""Review days, numbers in force, differences between versions."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guanxi.lib.errors import Conflict
from guanxi.protocols.protocols import rules


@pytest.mark.parametrize(
    ("day", "rhythm", "next_day"),
    [
        (date(2026, 1, 15), "quarter", date(2026, 4, 15)),
        (date(2026, 11, 30), "quarter", date(2027, 2, 28)),
        (date(2027, 11, 30), "quarter", date(2028, 2, 29)),
        (date(2026, 8, 31), "half_year", date(2027, 2, 28)),
        (date(2026, 12, 31), "half_year", date(2027, 6, 30)),
        (date(2026, 10, 1), "quarter", date(2027, 1, 1)),
    ],
)
def test_the_next_review(day, rhythm, next_day):
    assert rules.next_review(day, rhythm) == next_day


ID = UUID(int=1)


@dataclass(frozen=True)
class One:
    """A clause that no table knows."""

    key: str
    standard: str = ""
    value: Decimal | None = None
    scope: dict[str, Any] | None = None
    id: UUID = ID
    section: str = "mail"
    text: str = "We answer."
    team_id: UUID | None = None
    measure: str = ""
    figure_kind: str = "share"
    target_share: Decimal | None = None
    counted_in: str = "clock"


SOUTH = {"field": "team", "op": "is", "value": "south"}


def test_numbers_by_standard_and_scope():
    found = rules.promises(
        [
            One("a"),
            One("b", "reply", Decimal(24)),
            One("c", "reply", Decimal("1.5"), SOUTH),
            One("d", "reply", Decimal(24)),
        ]
    )
    assert [(p.standard, p.value, p.scope, p.clause) for p in found.values()] == [
        ("reply", 24, None, "b"),
        ("reply", 1.5, SOUTH, "c"),
    ]


def test_two_numbers_for_one_standard_are_refused():
    with pytest.raises(Conflict, match="protocol.standard_twice") as caught:
        rules.promises([One("a", "reply", Decimal(24)), One("b", "reply", Decimal(12))])
    assert caught.value.values == {"standard": "reply", "first": "a", "second": "b"}


def test_the_order_of_keys_makes_no_other_scope():
    assert rules.scope_key({"a": 1, "b": 2}) == rules.scope_key({"b": 2, "a": 1})
    assert rules.scope_key(None) == rules.scope_key({}) == ""


@pytest.mark.parametrize(("value", "plain"), [("24.0000", 24), ("0.5000", 0.5), ("100", 100)])
def test_plain_numbers(value, plain):
    assert rules.plain_number(Decimal(value)) == plain
    assert type(rules.plain_number(Decimal(value))) is type(plain)


def test_what_differs():
    old = [One("kept"), One("gone"), One("moved", "reply", Decimal(24), text="A")]
    new = [One("kept", id=UUID(int=9)), replace(old[2], value=Decimal(12), text="B"), One("fresh")]
    found = {one.key: one for one in rules.difference(old, new)}
    assert {key: one.kind for key, one in found.items()} == {"gone": "removed", "moved": "changed", "fresh": "added"}
    assert found["moved"].fields == {"value": (Decimal(24), Decimal(12)), "text": ("A", "B")}
    assert found["fresh"].fields["text"] == (None, "We answer.")
    assert found["gone"].fields["text"] == ("We answer.", None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("We answer.", "We answer.", [("same", "We answer.")]),
        ("Within 24 hours.", "Within 12 hours.",
         [("same", "Within "), ("removed", "24"), ("added", "12"), ("same", " hours.")]),
        ("二十四小时内回复。", "十二小时内由专人回复。",
         [("removed", "二十四"), ("added", "十二"), ("same", "小时内"), ("added", "由专人"), ("same", "回复。")]),
        ("We listen.", "客户优先。", [("removed", "We listen."), ("added", "客户优先。")]),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
    ],
)  # fmt: skip
def test_a_wording_in_pieces(old, new, said):
    pieces = rules.wording(old, new)
    assert [(one.kind, one.text) for one in pieces] == said
    assert "".join(one.text for one in pieces if one.kind != "added") == old
    assert "".join(one.text for one in pieces if one.kind != "removed") == new


def test_a_clause_follows_the_one_it_words_anew_and_each_is_followed_once():
    before = [One("words", text={"en": "We listen."}), One("reply", "reply", text={"en": "In time."}),
              One("south", "reply", scope=SOUTH, text={"en": "Sooner."})]  # fmt: skip
    said = [({"en": "Faster."}, "reply", None), ({"en": "We listen."}, "", None), ({"en": "Again."}, "reply", None)]
    followed = rules.successors(said, before)
    assert [one and one.key for one in followed] == ["reply", "words", None]
