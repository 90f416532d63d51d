"""Everybody in classes of one's own: made, counted, put into order by key, and kept from the archive while used."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import press

pytestmark = pytest.mark.mail


def names(page: Page) -> list[str]:
    """The classes in their order, without that of all others."""
    return [box.input_value() for box in page.get_by_label("Name of the class", exact=True).all()]


def test_classes_are_made_counted_and_ordered_by_key(owner):
    page = owner
    page.goto("/segments/new")
    page.get_by_label("Name of the segment").fill("How they are")
    page.get_by_text("Everybody in one class").click()
    classes = page.get_by_role("region", name="Classes")
    for place, name in enumerate(("老客户", "Others who wrote")):
        if place:
            press(page, "Add a class")
        line = classes.get_by_role("listitem").filter(has=page.get_by_label("Name of the class", exact=True)).nth(place)
        line.get_by_label("Name of the class", exact=True).fill(name)
        line.get_by_role("button", name="Related records").click()
    page.get_by_label("Name for everybody else").fill("rest")
    expect(classes.get_by_text("Give every class a name")).to_have_count(0)
    up = page.get_by_role("button", name="Move “Others who wrote” up")
    up.focus()
    page.keyboard.press("Enter")
    assert names(page) == ["Others who wrote", "老客户"]
    expect(page.get_by_role("button", name="Move “Others who wrote” down")).to_be_focused()
    press(page, "Create segment")
    expect(page.get_by_role("heading", name="How they are")).to_be_visible()
    expect(page.get_by_role("link", name="rest")).to_be_visible()
    expect(page.get_by_text("Nothing is made from it yet.")).to_be_visible()
    press(page, "Change classes")
    assert names(page) == ["Others who wrote", "老客户"]
