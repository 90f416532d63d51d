"""What the columns of a file mean: nothing is dropped unseen, and what was chosen is found again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import press

pytestmark = pytest.mark.mail
PEOPLE = "Name,Reach,Tags\nPia Column,+44 20 7946 0018,vip\n"


def take(page: Page, name: str) -> None:
    page.goto("/import?noun=customers")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": PEOPLE.encode()})
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def chosen(page: Page, column: str):
    """The heading a field is taken from."""
    return page.get_by_role("row", name=column)


def test_what_is_not_used_is_seen_offered_changed_after_the_trial_and_remembered(owner):
    take(owner, "columns.csv")
    expect(owner.get_by_text("2 columns of the file are not used")).to_be_visible()
    expect(owner.get_by_text("“Reach” looks like phone numbers.")).to_be_visible()
    press(owner, "Use it as Phone")
    expect(owner.get_by_text("1 column of the file is not used")).to_be_visible()
    press(owner, "Try it")
    expect(owner.get_by_text("1 row was tried. Nothing is written yet.")).to_be_visible()
    owner.go_back()
    expect(chosen(owner, "Phone")).to_contain_text("Reach")
    owner.go_forward()
    owner.get_by_role("link", name="Change the columns").click()
    expect(chosen(owner, "Phone")).to_contain_text("Reach")
    press(owner, "Try it")
    expect(owner.get_by_text("1 row was tried. Nothing is written yet.")).to_be_visible()
    press(owner, "Import 1 row")
    expect(owner.get_by_text("1 row is in.")).to_be_visible()
    take(owner, "again.csv")
    expect(owner.get_by_text("The columns are chosen as for “columns.csv”")).to_be_visible()
    expect(chosen(owner, "Phone")).to_contain_text("Reach")
