"""What a page calls a column or a choice, and what spreadsheets call it, is understood in every file."""

from collections import Counter
from collections.abc import Iterator

import pytest

from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.words import words
from guanxi.workspace.imports import rules, spellings
from guanxi.workspace.imports.targets import Column, Result, Target, targets


def labels(target: Target, language: str) -> dict[str, str]:
    """What a page calls the columns of a noun."""
    return {name: words(language)[target.message(name)] for name in target.columns}


def choices() -> Iterator[tuple[Target, str, str]]:
    """Every choice of every column."""
    for target in targets().values():
        for name, column in target.columns.items():
            yield from ((target, name, choice) for choice in column.choices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", targets())
def test_what_a_page_calls_a_column_is_recognised_alone_and_with_all_others(noun, language):
    target = targets()[noun]
    said = labels(target, language)
    assert rules.suggest(target, list(said.values())) == said
    for name, label in said.items():
        assert rules.suggest(target, [label]) == {name: label}


@pytest.mark.parametrize("noun", targets())
def test_no_heading_surely_means_two_columns(noun):
    target = targets()[noun]
    surely = [bare for name in target.columns for bare in {*map(rules._bare, rules._surely(target, name, ()))}]
    assert [heading for heading, n in Counter(surely).items() if n > 1] == []


def test_every_choice_has_words_that_are_understood_in_every_language():
    wrong = []
    for target, name, choice in choices():
        said = {words(language)[id] for id in spellings.choice_words(target, name, choice) for language in LANGUAGES}
        understood = {spellings.meanings(target, name).get(spellings.plain(one)) for one in {*said, choice}}
        if not said or understood != {choice}:
            wrong.append((target.noun, name, choice))
    assert wrong == []
    assert len(list(choices())) > 15


def test_no_spelling_means_two_choices():
    for target in targets().values():
        for name in target.columns:
            said = spellings.choice_spellings(target, name)
            means = Counter(one for all_ in said.values() for one in {spellings.plain(text) for text in all_})
            assert [one for one, n in means.items() if n > 1] == [], (target.noun, name)


def test_a_choice_without_words_is_caught():
    target = Target(
        noun="boats", permission="", records=("sea.boat",), write=lambda *_: Result(),
        own={"rig": Column(kind="choice", choices=("sloop",))},
    )  # fmt: skip
    assert spellings.choice_words(target, "rig", "sloop") == []
    assert spellings.meanings(target, "rig")["sloop"] == "sloop"
