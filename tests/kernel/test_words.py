"""Texts of the catalogue with their values filled in."""

import pytest

from guanxi.kernel import words
from guanxi.kernel.words import say


@pytest.fixture(autouse=True)
def texts(monkeypatch):
    """A catalogue of our own."""
    known = {"told": "{who} said: {what}", "rows": "{n} row|{n} rows", "why": "Refused[ ({why})]"}
    monkeypatch.setattr(words, "words", lambda _language: known)


def test_what_somebody_typed_is_not_filled_in_again():
    assert say("told", "en", who="{what}", what="{who} and {else}") == "{what} said: {who} and {else}"


def test_one_many_and_what_is_known():
    assert [say("rows", "en", n=n) for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert [say("why", "en", why=why) for why in ("late", "", None)] == ["Refused (late)", "Refused", "Refused"]
