"""The protocol a company already has: pasted, looked at, made a draft; what changed; the handbook to take away."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish
from tests.browser.filling import start_company
from tests.browser.hands import ask, press
from tests.house import until

TEXT = """Service rules

1. Telephone
Every call is picked up within four rings.

2. Complaints
A person answers a complaint within 12 hours, in 95% of cases.
We never argue.

3. E-mail
Enquiries are answered within one or two working days.

4. Care
Every buyer is followed up within seven working days after the order.
"""


@pytest.fixture(scope="module")
def state(browser, house):
    """The cookies of the owner of a house with the sample protocol."""
    opened = browser.new_context(base_url=house.url)
    start_company(opened, language="en", zone=noonish())
    until(lambda: ask(opened, "GET", "/api/protocols")["rows"], what="the sample protocol")
    kept = opened.storage_state()
    opened.close()
    return kept


@pytest.fixture
def owner(browser, house, state, size):
    """The page of the owner."""
    opened = browser.new_context(base_url=house.url, viewport=size, locale="en-GB", storage_state=state)
    page = opened.new_page()
    yield page
    opened.close()


def test_a_pasted_text_is_looked_at_and_becomes_a_draft(owner: Page):
    owner.goto("/protocol")
    press(owner, "Paste your own text")
    dialog = owner.get_by_role("dialog")
    dialog.get_by_label("The text of your protocol").fill(TEXT)
    press(owner, "See the clauses")
    expect(dialog.get_by_text("5 clauses")).to_be_visible()
    expect(dialog.get_by_text("3 numbers bound to a standard")).to_be_visible()
    expect(dialog.get_by_text("1 to be decided")).to_be_visible()
    expect(dialog.get_by_text("First answer to a complaint: 12 hours · target 95%")).to_be_visible()
    expect(dialog.locator("mark", has_text="four rings")).to_be_visible()
    owner.keyboard.press("Escape")  # what was pasted is not lost by one key
    expect(dialog.get_by_text("Follow-up after an order: 7 working days")).to_be_visible()
    expect(dialog.get_by_text("not counted in such working days")).to_have_count(0)
    press(owner, "First answer to an enquiry: 2 working days")
    expect(dialog.get_by_text("0 to be decided")).to_be_visible()
    press(owner, "Leave out clause 3.2")
    expect(dialog.get_by_text("4 clauses")).to_be_visible()
    days = dialog.get_by_role("listitem").filter(has_text="one or two working days")
    days.get_by_role("button", name="Change").click()
    expect(days.get_by_label("Number")).to_have_value("2")
    days.get_by_label("Number").fill("3")
    days.get_by_role("button", name="Done").click()
    expect(days.get_by_text("First answer to an enquiry: 3 working days")).to_be_visible()
    row = dialog.get_by_role("listitem").filter(has_text="complaint within 12 hours")
    row.get_by_role("button", name="Change").click()
    row.get_by_label("Number").fill("6")
    row.get_by_role("button", name="Done").click()
    expect(row.get_by_text("First answer to a complaint: 6 hours")).to_be_visible()
    press(owner, "Make the draft")
    expect(dialog).to_be_hidden()
    expect(owner.get_by_text("Version 2 · Draft")).to_be_visible()
    expect(owner.get_by_text("Enquiries are answered within one or two working days.")).to_be_visible()
    protocol = ask(owner.context, "GET", "/api/protocols")["rows"][0]["id"]
    page = ask(owner.context, "GET", f"/api/protocols/{protocol}/page?version=2")
    said = {c["number"]: c["standard"] and c["standard"]["value"] for s in page["sections"] for c in s["clauses"]}
    assert sorted(said.values()) == [4, 6, 7, 72]


def test_what_changed_is_read_and_the_handbook_opens_by_keyboard(owner: Page):
    owner.goto("/protocol?version=2")
    press(owner, "What changed")
    gone = owner.get_by_role("listitem").filter(has_text="Before hanging up we repeat what was agreed.")
    expect(gone.locator("del").first).to_be_visible()
    expect(owner.get_by_role("listitem").filter(has_text="24 hours6 hours")).to_contain_text("98%95%")
    expect(owner).to_have_url(re.compile("compare=1"))
    press(owner, "Back to the clauses")
    expect(owner.get_by_role("heading", name="Complaints and solutions")).to_be_visible()
    owner.get_by_role("button", name="Handbook").focus()
    with owner.context.expect_page() as opened:
        owner.keyboard.press("Enter")
        expect(owner.get_by_role("menuitem", name="English")).to_be_focused()
        owner.keyboard.press("Enter")
    handbook = opened.value
    expect(handbook.get_by_text("Version 2 is a draft and not in force")).to_be_visible()
    expect(handbook.get_by_text("Every call is picked up within four rings.")).to_be_visible()
    assert handbook.evaluate("getComputedStyle(document.querySelector('article')).display") == "grid"
