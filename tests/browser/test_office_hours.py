"""The week of office hours: written by keyboard, copied from Monday, on a desk and a phone; a clause counted in it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish, watched
from tests.browser.filling import start_company
from tests.browser.hands import ask, choose, press
from tests.chromium import DESK, PHONE
from tests.house import until

NINE_TO_SIX = [{"opens": "09:00", "closes": "18:00"}]
LUNCH = [{"opens": "08:30", "closes": "12:00"}, {"opens": "13:00", "closes": "18:00"}]


@pytest.fixture(scope="module")
def state(browser, house):
    """The cookies of the owner of a house with the sample protocol."""
    opened = browser.new_context(base_url=house.url)
    start_company(opened, language="en", zone=noonish())
    until(lambda: ask(opened, "GET", "/api/protocols")["rows"], what="the sample protocol")
    kept = opened.storage_state()
    opened.close()
    return kept


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def owner(request, browser, house, state):
    """The page of the owner, with the week as it ships."""
    opened = browser.new_context(base_url=house.url, viewport=request.param, locale="en-GB", storage_state=state)
    ask(opened, "POST", "/api/office_hours/choose", {"week": [*[NINE_TO_SIX] * 5, [], []]})
    yield from watched(opened)
    opened.close()


def week(page: Page):
    """The week as the house knows it."""
    return ask(page.context, "GET", "/api/office_hours")["week"]


def day(page: Page, name: str):
    """The line of a day."""
    return page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("switch", name=name))


def type_stretch(page: Page, name: str, place: int, opens: str, closes: str) -> None:
    """Type a stretch of a day without the mouse: the field that gets the keyboard is typed over."""
    day(page, name).get_by_label(f"{name}, opens").nth(place).focus()
    page.keyboard.type(opens)
    page.keyboard.press("Tab")
    expect(day(page, name).get_by_label(f"{name}, closes").nth(place)).to_be_focused()
    page.keyboard.type(closes)
    page.keyboard.press("Tab")


def test_a_lunch_break_is_written_by_keyboard_and_copied_to_the_week(owner: Page):
    owner.goto("/settings/office_hours")
    expect(owner.get_by_role("button", name="Save")).to_be_disabled()
    monday = day(owner, "Mon")
    monday.get_by_role("button", name="Mon: add a stretch").focus()
    owner.keyboard.press("Enter")
    type_stretch(owner, "Mon", 0, "830", "12")
    expect(monday.get_by_label("Mon, closes").first).to_have_value("12:00")
    type_stretch(owner, "Mon", 1, "13:00", "18.00")
    monday.get_by_role("button", name="Copy Monday to Tuesday–Friday").focus()
    owner.keyboard.press("Enter")
    owner.get_by_role("switch", name="Sat").focus()
    owner.keyboard.press("Space")
    owner.get_by_role("button", name="Save").focus()
    owner.keyboard.press("Enter")
    expect(owner.get_by_text("Saved")).to_be_visible()
    assert week(owner) == [*[LUNCH] * 5, NINE_TO_SIX, []]
    owner.reload()
    day(owner, "Wed").get_by_role("button", name="Wed: remove 13:00–18:00").click()
    expect(day(owner, "Wed").get_by_label("Wed, opens")).to_be_focused()
    press(owner, "Save")
    until(lambda: week(owner)[2] == LUNCH[:1], what="the afternoon off")
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_cannot_be_a_week_is_said_and_nothing_is_lost(owner: Page):
    owner.goto("/settings/office_hours")
    friday = day(owner, "Fri")
    friday.get_by_label("Fri, closes").fill("8:00")
    press(owner, "Save")
    expect(owner.get_by_text("Friday: each stretch must end after it begins")).to_be_visible()
    friday.get_by_label("Fri, closes").fill("noon")
    expect(friday.get_by_label("Fri, closes")).to_have_attribute("aria-invalid", "true")
    press(owner, "Save")
    expect(owner.get_by_text("“noon” is not a time of day. Write it like 21:00.")).to_be_visible()
    expect(friday.get_by_label("Fri, closes")).to_have_value("noon")
    assert week(owner) == [*[NINE_TO_SIX] * 5, [], []]


def test_a_clause_is_counted_in_office_hours(owner: Page):
    protocol = ask(owner.context, "GET", "/api/protocols")["rows"][0]
    versions = ask(owner.context, "GET", f"/api/protocols/{protocol['id']}/page")["versions"]
    if versions[0]["status"] != "draft":
        ask(owner.context, "POST", f"/api/protocols/{protocol['id']}/draft_version")
    page = ask(owner.context, "GET", f"/api/protocols/{protocol['id']}/page")
    draft = page["versions"][0]["number"]
    reply = "service.complaint.first_reply"
    clauses = [c for s in page["sections"] for c in s["clauses"]]
    number = next(c["number"] for c in clauses if c["standard"] and c["standard"]["name"] == reply)
    owner.goto(f"/protocol?version={draft}")
    press(owner, f"Edit clause {number}")
    dialog = owner.get_by_role("dialog")
    choose(owner, "Counted in", "Office hours", dialog)
    expect(dialog.get_by_text("office hours", exact=True)).to_be_visible()
    press(dialog, "Save")
    expect(dialog).to_be_hidden()
    expect(owner.get_by_role("article").filter(has_text=number).get_by_text("24 office hours")).to_be_visible()
