"""What no clause covers stands on the protocol page: the clause is begun there, or the gap is set aside."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish
from tests.browser.filling import start_company
from tests.browser.hands import ask, press
from tests.chromium import DESK, PHONE
from tests.house import until

ANSWER = "service.ticket.first_reply"
PHONE_GAP = "Channel “Phone”: no clause promises how fast people are answered. 1 case in the last 90 days."


@pytest.fixture(scope="module", params=[DESK, PHONE], ids=["desk", "phone"])
def size(request):
    """At a desk and on a telephone."""
    return request.param


@pytest.fixture(scope="module")
def state(browser, house):
    """The cookies of the owner of a house that promises an answer to mail alone, and was called."""
    opened = browser.new_context(base_url=house.url)
    start_company(opened, language="en", zone=noonish())
    until(lambda: ask(opened, "GET", "/api/protocols")["rows"], what="the sample protocol")
    protocol = ask(opened, "GET", "/api/protocols")["rows"][0]["id"]
    mail = {"field": "channel", "op": "is", "value": "email"}
    clause = {
        "section": "mail", "text": {"en": "Mail is answered within a day.", "zh-Hans": "邮件一天内回复。"},
        "measure": ANSWER, "standard": ANSWER, "value": 24, "scope": mail, "target_share": 0.95,
    }  # fmt: skip
    draft = ask(opened, "POST", f"/api/protocols/{protocol}/draft_text", {"clauses": [clause]})["id"]
    ask(opened, "POST", f"/api/versions/{draft}/publish", {})
    for channel in ("phone", "visit"):
        ask(opened, "POST", "/api/tickets", {"subject": "Hello?", "channel": channel})
    until(lambda: len(ask(opened, "GET", "/api/gaps")["rows"]) == 4, what="the gaps")
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


def line(page: Page, text: str):
    """A gap by its sentence."""
    return page.get_by_role("region", name=re.compile("gap")).get_by_role("listitem").filter(has_text=text)


def test_a_gap_is_set_aside_with_a_reason_by_keyboard_and_shown_again(owner: Page):
    owner.goto("/protocol")
    expect(owner.get_by_role("heading", name="4 gaps: no clause covers these")).to_be_visible()
    line(owner, "“Visit”").get_by_role("button", name="Set aside").focus()
    owner.keyboard.press("Enter")
    owner.get_by_role("dialog").get_by_label("Why no clause is needed").fill("Whoever comes is served at once.")
    owner.get_by_role("dialog").get_by_role("button", name="Set aside").focus()
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("heading", name="3 gaps: no clause covers these")).to_be_visible()
    owner.get_by_text("1 set aside").click()
    expect(owner.get_by_text("Whoever comes is served at once.")).to_be_visible()
    press(line(owner, "“Visit”"), "Show again")
    expect(owner.get_by_role("heading", name="4 gaps: no clause covers these")).to_be_visible()


def test_one_click_begins_the_clause_that_closes_the_gap(owner: Page):
    owner.goto("/protocol")
    expect(line(owner, PHONE_GAP)).to_be_visible()
    press(line(owner, PHONE_GAP), "Begin a clause")
    dialog = owner.get_by_role("dialog")
    expect(dialog.get_by_text("First answer to an enquiry").first).to_be_visible()
    expect(dialog.get_by_label("Number")).to_have_value("24")
    expect(dialog.get_by_text("Applies to")).to_be_visible()
    expect(dialog.get_by_text("Phone", exact=True).last).to_be_visible()
    dialog.get_by_label("English").fill("Whoever calls is called back within a day.")
    press(dialog, "Save")
    expect(dialog).to_be_hidden()
    expect(owner.get_by_text("Version 3 · Draft")).to_be_visible()
    expect(owner.get_by_text("Applies to: Channel is Phone")).to_be_visible()
    press(owner, "Publish")
    owner.get_by_role("dialog").get_by_role("button", name="Publish").click()
    until(lambda: len(ask(owner.context, "GET", "/api/protocols")["rows"]) == 1, what="the protocol")
    owner.goto("/protocol")
    expect(line(owner, "“Visit”")).to_be_visible()
    expect(line(owner, "“Phone”")).to_have_count(0)
