"""Many rows at once: ticked, changed, archived, done, and taken back, by mouse, by keyboard and on a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import bring, start_company
from tests.browser.hands import ask, choose, on_phone, press
from tests.chromium import DESK, PHONE

FILE = "Customer number,Name,City\n" + "".join(f"{n},Guest {n},York\n" for n in range(101, 181))
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    """At a desk and on a telephone."""
    return request.param


@pytest.fixture
def guests(context, page) -> Page:
    """Eighty customers in York, and their list."""
    if ask(context, "GET", "/api/start")["first_run"]:
        start_company(context, language="en", zone="Europe/London")
        bring(context, "customers", "guests.csv", FILE)
    else:
        given = {"email": "ann@leedstea.test", "password": "a-long-enough-secret"}
        ask(context, "POST", "/api/sign-in", given)
    page.goto("/customers?sort=name")
    expect(page.get_by_text("Guest 101", exact=True)).to_be_visible()
    return page


def tick(page: Page, *names: str) -> None:
    """Choose some rows."""
    if on_phone(page) and not page.get_by_role("checkbox").count():
        press(page, "Select")
    for name in names:
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()


def bar(page: Page):
    """What can be done with the chosen rows."""
    return page.get_by_role("toolbar", name="Selected rows")


def cities(page: Page) -> dict[str, int]:
    """How many customers live where."""
    rows = ask(page.context, "GET", "/api/customers?limit=200")["rows"]
    return {city: sum(row["city"] == city for row in rows) for city in {row["city"] for row in rows}}


def toast(page: Page, text: str) -> None:
    """Wait for what was said, and take it back."""
    line = page.get_by_label("Messages").get_by_role("listitem").filter(has_text=text)
    expect(line).to_be_visible()
    line.get_by_role("button", name="Undo").click()


def test_some_are_changed_and_taken_back(guests):
    tick(guests, "Guest 101", "Guest 102", "Guest 103")
    expect(bar(guests)).to_contain_text("3 selected")
    press(bar(guests), "Edit")
    dialog = guests.get_by_role("dialog", name="Change 3 customers")
    choose(guests, "Field", "City", dialog)
    dialog.get_by_label("New value").fill("Leeds")
    press(dialog, "Change 3 customers")
    expect(dialog).to_be_hidden()
    assert cities(guests) == {"York": 77, "Leeds": 3}
    toast(guests, "Changed: 3 records")
    expect(guests.get_by_text("Taken back: 3 records")).to_be_visible()
    assert cities(guests) == {"York": 80}


def test_all_that_is_found_is_archived_and_taken_back_from_the_history(guests):
    tick(guests, "Guest 101" if on_phone(guests) else "all loaded rows")
    press(bar(guests), "Select all 80")
    expect(bar(guests)).to_contain_text("All 80 selected")
    press(bar(guests), "Archive")
    expect(guests.get_by_text("Archive: 80 records")).to_be_visible()
    assert cities(guests) == {}
    one = ask(guests.context, "GET", "/api/customers?archived=true&limit=1")["rows"][0]["id"]
    guests.goto(f"/customers/{one}")
    guests.get_by_role("heading", name=re.compile("^Guest")).first.wait_for()
    guests.keyboard.press("h")
    press(guests.get_by_role("dialog"), "Undo")
    asked = guests.get_by_role("dialog", name="Undo this change?")
    expect(asked).to_contain_text("80 records changed together")
    press(asked, "Undo")
    expect(guests.get_by_text("Taken back: 80 records")).to_be_visible()
    assert cities(guests) == {"York": 80}


def test_a_verb_is_done_to_many_and_who_refuses_says_why(guests):
    context = guests.context
    for subject, kind in (("Order tea", "other"), ("Sweep", "other"), ("Ring Ann", "call")):
        ask(context, "POST", "/api/todos", {"subject": subject, "kind": kind})
    guests.goto("/todos")
    tick(guests, "Order tea", "Sweep", "Ring Ann")
    if on_phone(guests):
        press(bar(guests), "More actions")
        guests.get_by_role("menuitem", name="Done").click()
    else:
        press(bar(guests), "Done")
    dialog = guests.get_by_role("dialog", name="Done")
    press(dialog, "Done")
    kept = guests.get_by_role("dialog", name="1 record stays as it is")
    expect(kept).to_contain_text("Ring Ann")
    press(kept, "Close")
    expect(bar(guests)).to_contain_text("1 selected")
