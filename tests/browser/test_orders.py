"""An order whose lines were written down wrongly is corrected, by hand and by keyboard, on a desk and a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish, watched
from tests.browser.dresses import violations
from tests.browser.filling import CUSTOMERS, bring, found, start_company
from tests.browser.hands import ask, on_phone
from tests.chromium import DESK, PHONE


@pytest.fixture(scope="module")
def state(browser, house):
    """The cookies of an owner one of whose customers ordered."""
    opened = browser.new_context(base_url=house.url)
    start_company(opened, language="en", zone=noonish())
    bring(opened, "customers", "客户.csv", CUSTOMERS)
    kept = opened.storage_state()
    opened.close()
    return kept


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request, browser, house, state):
    """The page of an order of three lines, wide or narrow."""
    opened = browser.new_context(base_url=house.url, viewport=request.param, locale="en-GB", storage_state=state)
    lines = [{"description": name, "quantity": n, "unit_price": p} for name, n, p in
             (("Green tea", 2, "3.5"), ("Teapot", 1, "20"), ("Cup", 4, "2.25"))]  # fmt: skip
    given = {"number": f"T-{request.param['width']}", "customer": found(opened, "customers", "张伟"), "lines": lines}
    order = ask(opened, "POST", "/api/orders", given)["id"]
    for seen in watched(opened):
        seen.goto(f"/orders/{order}")
        yield seen
    opened.close()


def line(page: Page, name: str, at: int):
    """A cell of the form's lines."""
    return page.get_by_role("dialog").get_by_label(name, exact=True).nth(at)


def test_lines_are_corrected_by_keyboard_and_the_past_says_how_they_were(page: Page):
    expect(page.get_by_role("main")).to_contain_text("36")
    page.get_by_role("button", name="Correct the lines").press("Enter")
    expect(line(page, "Description", 1)).to_have_value("Teapot")
    expect(line(page, "Quantity", 2)).to_have_value("4")
    line(page, "Quantity", 2).fill("6")
    page.get_by_role("button", name="Remove line 2").press("Enter")
    expect(line(page, "Description", 1)).to_have_value("Cup")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Correct the lines").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("20.5")
    if on_phone(page):
        page.get_by_text("Related", exact=True).click()
    expect(page.get_by_role("main").get_by_text("Cup")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Teapot")).to_have_count(0)
    if on_phone(page):
        page.get_by_text("Story", exact=True).click()
    expect(page.get_by_text(re.compile(r"Corrected order T-\d+")).first).to_be_visible()
