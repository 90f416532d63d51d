"""Far down a long list at once: by mouse, by keyboard and on a telephone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import bring, start_company
from tests.browser.hands import ask, press
from tests.chromium import DESK, PHONE

FILE = "Customer number,Name\n" + "".join(f"{n},Guest {n}\n" for n in range(1001, 1301))
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    """At a desk and on a telephone."""
    return request.param


@pytest.fixture
def guests(context, page) -> Page:
    """Three hundred customers, and their list."""
    start_company(context, language="en", zone="Europe/London")
    bring(context, "customers", "guests.csv", FILE)
    page.goto("/customers?sort=name")
    expect(page.get_by_text("Guest 1001", exact=True)).to_be_visible()
    return page


def test_a_list_is_entered_in_the_middle_at_its_end_and_left_to_its_top(guests):
    places = ask(guests.context, "GET", "/api/customers/bounds?sort=name")["bounds"]
    named = [(place["value"], f"Guest {int(place['value'].split()[1]) + 1}") for place in places]
    press(guests, "Jump")
    slider = guests.get_by_role("slider", name="Place in the list")
    expect(slider).to_have_attribute("aria-valuetext", "To the top of the list")
    rail = guests.locator(".ant-slider").bounding_box()
    assert rail
    guests.mouse.click(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] / 2)
    at = int(slider.get_attribute("aria-valuenow") or 0)
    assert 40 <= at <= 60
    before, behind = named[at - 1]
    expect(slider).to_have_attribute("aria-valuetext", f"{round(places[at - 1]['share'] * 100)} % {before}")
    expect(guests.get_by_text(behind, exact=True)).to_be_visible()
    expect(guests.get_by_text("Guest 1001", exact=True)).to_be_hidden()
    slider.focus()
    guests.keyboard.press("End")
    expect(guests.get_by_text(named[-1][1], exact=True)).to_be_visible()
    expect(guests.get_by_text("Guest 1300", exact=True)).to_be_visible()
    guests.keyboard.press("Escape")
    press(guests, "To the top of the list")
    expect(guests.get_by_text("Guest 1001", exact=True)).to_be_visible()
