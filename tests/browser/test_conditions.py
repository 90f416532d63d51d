"""Conditions made by keyboard: a filter that is not taken before it is said, and none of a calendar period."""

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import DESK, PHONE

pytestmark = pytest.mark.mail


def choose_by_key(page: Page, label: str, text: str) -> None:
    """Open a choice, go down to the words and take them."""
    page.get_by_label(label, exact=True).last.focus()
    page.keyboard.press("Enter")
    opened = page.locator(".ant-select-dropdown:visible")
    active = opened.last.locator(".ant-select-item-option-active")  # the one before it may still be fading
    expect(active).to_be_visible()
    for _ in range(20):
        if active.inner_text() == text:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(opened).to_have_count(0)


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_the_key_that_takes_a_field_does_not_apply_the_filter(owner, seen_at):
    owner.set_viewport_size(seen_at)
    owner.goto("/customers")
    owner.get_by_role("button", name="Filter", exact=True).focus()
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("textbox", name="Which field?")).to_be_focused()
    owner.keyboard.type("Created")
    owner.keyboard.press("Enter")
    expect(owner.get_by_label("Comparison", exact=True)).to_be_visible()
    choose_by_key(owner, "Comparison", "in the current…")
    choose_by_key(owner, "Calendar period", "quarter")
    owner.get_by_role("button", name="Apply").focus()
    owner.keyboard.press("Enter")
    chip = owner.get_by_role("button", name="Created this quarter", exact=True)
    expect(chip).to_be_visible()
    where, apply = owner.url, owner.get_by_role("button", name="Apply")
    expect(apply).to_have_count(0)  # the first editor may still be fading
    chip.press("Enter")
    choose_by_key(owner, "Calendar period", "year")
    apply.focus()
    owner.keyboard.press("Escape")  # what was being chosen is taken back, not taken
    expect(apply).to_have_count(0)
    expect(chip).to_be_visible()
    assert owner.url == where
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_none_of_a_calendar_period_is_asked_by_key(owner, seen_at):
    owner.set_viewport_size(seen_at)
    owner.goto("/segments/new")
    owner.get_by_role("button", name="Related records").focus()
    owner.keyboard.press("Enter")
    choose_by_key(owner, "Related records", "Orders")
    choose_by_key(owner, "What is measured", "There is no")
    choose_by_key(owner, "In which time", "in the previous…")
    choose_by_key(owner, "Calendar period", "quarter")
    said = owner.get_by_role("complementary", name="Preview")
    expect(said.get_by_text("Did not buy last quarter")).to_be_visible()
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")
