"""What a clause may say and when it is kept."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from guanxi.lib.errors import Conflict, Invalid
from guanxi.protocols.clauses import rules


@dataclass(frozen=True)
class One:
    """A clause that no table knows."""

    key: str = "a"
    section: str = "mail"
    ordinal: int = 1
    figure_kind: str = "share"
    target_share: Decimal | None = Decimal("0.95")


@dataclass(frozen=True)
class Shown:
    """A figure."""

    share: float | None = None
    mean: float | None = None


@pytest.mark.parametrize(
    ("clause", "figure", "limit", "state"),
    [
        (One(), Shown(share=0.95), None, "kept"),
        (One(), Shown(share=0.9499), None, "missed"),
        (One(), Shown(share=1.0), None, "kept"),
        (One(), Shown(share=0.0), None, "missed"),
        (One(), Shown(), None, "no_cases"),
        (One(target_share=None), Shown(share=0.5), None, "shown"),
        (One(target_share=Decimal(1)), Shown(share=0.999999), None, "missed"),
        (One(figure_kind="mean", target_share=None), Shown(mean=30.0), 30.0, "kept"),
        (One(figure_kind="mean", target_share=None), Shown(mean=30.1), 30.0, "missed"),
        (One(figure_kind="mean", target_share=None), Shown(share=1.0), 30.0, "no_cases"),
        (One(figure_kind="mean", target_share=None), Shown(mean=30.0), None, "no_cases"),
    ],
)
def test_when_a_clause_is_kept(clause, figure, limit, state):
    assert rules.state(clause, figure, limit_seconds=limit) == state


FITTING = {
    "standard": "s", "value": Decimal(24), "measure": "m", "figure_kind": "share", "target_share": Decimal("0.9"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"target_share": None}, None),
        ({"standard": "", "value": None}, None),
        ({"standard": "", "value": None, "measure": "", "target_share": None}, None),
        ({"figure_kind": "mean", "target_share": None}, None),
        ({"value": None}, "clause.standard_needs_value"),
        ({"standard": ""}, "clause.value_needs_standard"),
        ({"value": Decimal(0)}, "clause.value_not_positive"),
        ({"value": Decimal(-1)}, "clause.value_not_positive"),
        ({"value": Decimal(10**8)}, "clause.value_not_positive"),
        ({"value": Decimal("NaN")}, "clause.value_not_positive"),
        ({"target_share": Decimal(0)}, "clause.target_not_a_share"),
        ({"target_share": Decimal("1.01")}, "clause.target_not_a_share"),
        ({"target_share": Decimal(95)}, "clause.target_not_a_share"),
        ({"target_share": Decimal("NaN")}, "clause.target_not_a_share"),
        ({"measure": ""}, "clause.target_needs_measure"),
        ({"figure_kind": "mean"}, "clause.mean_has_no_target_share"),
        (
            {"figure_kind": "mean", "target_share": None, "standard": "", "value": None},
            "clause.mean_needs_standard",
        ),
    ],
)
def test_which_numbers_belong_together(given, code):
    if code is None:
        rules.require_numbers(**{**FITTING, **given})
    else:
        with pytest.raises(Invalid, match=code):
            rules.require_numbers(**{**FITTING, **given})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"en": " We answer. ", "zh-Hans": ""}, {"en": "We answer."}),
        ({"zh-Hant": "我們回覆。", "en": "We answer."}, {"en": "We answer.", "zh-Hant": "我們回覆。"}),
    ],
)
def test_a_text_keeps_the_languages_it_has(text, said):
    assert rules.checked_text(text) == said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ({}, "clause.needs_text"),
        ({"en": "  "}, "clause.needs_text"),
        ({"de": "Wir antworten."}, "clause.unknown_language"),
        ({"en": "x" * 4001}, "clause.text_too_long"),
    ],
)
def test_a_text_that_says_nothing_or_too_much_is_refused(text, code):
    with pytest.raises(Invalid, match=code):
        rules.checked_text(text)


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ({"en": "E", "zh-Hans": "简", "zh-Hant": "繁"}, "zh-Hant", "繁"),
        ({"en": "E", "zh-Hans": "简"}, "zh-Hant", "简"),
        ({"en": "E", "zh-Hant": "繁"}, "zh-Hans", "繁"),
        ({"zh-Hant": "繁"}, "en", "繁"),
        ({"en": "E"}, "zh-Hans", "E"),
        ({}, "en", ""),
    ],
)
def test_who_lacks_a_language_reads_the_nearest(text, language, read):
    assert rules.text_in(text, language) == read


def test_clauses_stand_in_the_order_of_the_document_and_are_numbered_without_gaps():
    clauses = [One("d", "care", 2), One("b", "contact", 1), One("c", "care", 1), One("e", "care", 9)]
    assert [one.key for one in rules.in_order(clauses)] == ["b", "c", "d", "e"]
    assert rules.numbers(clauses) == {"b": "1.1", "c": "2.1", "d": "2.2", "e": "2.3"}


def test_a_free_key():
    assert rules.free_key("mail", []) == "mail-1"
    assert rules.free_key("mail", ["mail-1", "mail-3"]) == "mail-2"


@pytest.mark.parametrize("status", ["published", "superseded"])
def test_only_a_draft_can_be_worded(status):
    rules.require_draft("draft", 2)
    with pytest.raises(Conflict, match="protocol.version_is_published"):
        rules.require_draft(status, 1)
