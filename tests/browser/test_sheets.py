"""A workbook through the wizard, and rows copied from a spreadsheet pasted onto the list, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish
from tests.browser.filling import start_company
from tests.browser.hands import ask, choose, pick_by_keys, press
from tests.workbooks import Row, workbook

PEOPLE = [
    ("Customers of 2026",),
    ("Customer number", "Name", "Phone", "City"),
    ("K1", "Ann Ito", 447700900123, "Leeds"),
    Row(("K2", "Bob Roe", "07700 900124", "York"), hidden=True),
]
COPIED = "Customer number\tName\tCity\nK3\tCid Doe\tBath\nK1\tAnn Ito\tYork\n"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const pasted = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(pasted);
}"""


@pytest.fixture(scope="module")
def signed(house, browser, size):
    context = browser.new_context(base_url=house.url, viewport=size, locale="en-GB", timezone_id=noonish())
    start_company(context, language="en", zone=noonish())
    yield context
    context.close()


def brought(page: Page, rows: int) -> None:
    press(page, "Try it")
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    press(page, f"Import {rows} rows")
    expect(page.get_by_text(f"{rows} rows are in.")).to_be_visible()


def test_a_sheet_is_chosen_and_what_is_special_about_it_is_said(signed):
    page = signed.new_page()
    page.goto("/import?noun=customers")
    content = workbook({"People": PEOPLE, "Old": [("Name",), ("Zoe",)]})
    page.locator("input[type=file]").set_input_files(
        {"name": "people.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.get_by_role("heading", name="people.xlsx")).to_be_visible()
    expect(page.get_by_text("1 row is hidden in the spreadsheet and comes in, too.")).to_be_visible()
    choose(page, "Sheet", "Old")
    expect(page.get_by_text("Zoe")).to_be_visible()
    choose(page, "Sheet", "People")
    expect(page.get_by_text("447700900123")).to_be_visible()
    page.reload()
    expect(page.get_by_text("447700900123")).to_be_visible()
    brought(page, 2)
    assert {one["name"] for one in ask(signed, "GET", "/api/customers")["rows"]} == {"Ann Ito", "Bob Roe"}


def test_copied_rows_are_pasted_onto_their_list_and_shown_before_anything_is_written(signed):
    page = signed.new_page()
    page.goto("/customers")
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    page.get_by_label("Find").first.focus()
    page.evaluate(PASTE, COPIED)
    page.wait_for_timeout(300)
    assert page.url.endswith("/customers")  # a field that has the keyboard keeps what is pasted into it
    page.evaluate("document.activeElement.blur()")
    page.evaluate(PASTE, COPIED)
    expect(page.get_by_role("heading", name="pasted.csv")).to_be_visible()
    assert len(ask(signed, "GET", "/api/customers")["rows"]) == 2
    expect(page.get_by_text("Cid Doe")).to_be_visible()
    brought(page, 2)
    cities = {one["name"]: one["city"] for one in ask(signed, "GET", "/api/customers")["rows"]}
    assert cities == {"Ann Ito": "York", "Bob Roe": "York", "Cid Doe": "Bath"}


def test_the_menu_leads_to_where_rows_are_pasted_by_keyboard(signed):
    page = signed.new_page()
    page.goto("/consents")
    pick_by_keys(page, "Import", "Paste rows")
    box = page.get_by_label("Or paste rows, with or without headings")
    expect(box).to_be_focused()
    page.keyboard.insert_text("Customer number\tPurpose\nK1\tMarketing\n")
    press(page, "Take these rows")
    expect(page.get_by_text("Choose a column for: When, How")).not_to_be_visible()
    expect(page.get_by_text("K1", exact=True)).to_be_visible()


def test_rows_without_headings_find_their_columns_and_new_people_are_a_choice(signed):
    page = signed.new_page()
    page.goto("/customers")
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.evaluate(PASTE, "Dora Ely\tdora@customers.test\tBath\nEric Foe\teric@customers.test\tBath\n")
    expect(page.get_by_text("The rows have no headings")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Name")).get_by_text("Dora Ely · Eric Foe")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^E-mail")).get_by_text("dora@customers.test")).to_be_visible()
    brought(page, 2)
    firm = {"name": "Bath Tea Ltd", "kind": "organisation"}
    ask(signed, "PATCH", f"/api/customers/{ask(signed, 'POST', '/api/customers', firm)['id']}", {"key": "O1"})
    page.goto("/import?noun=contacts&paste")
    page.get_by_label("Or paste rows, with or without headings").fill(
        "Name\tE-mail\tOrganisation number\nGay Hill\tgay@customers.test\tO1\n"
    )
    press(page, "Take these rows")
    choice = page.get_by_role("checkbox", name="Write down people whom nobody knows yet")
    expect(choice).not_to_be_checked()
    choice.focus()
    page.keyboard.press("Space")
    press(page, "Try it")
    expect(page.get_by_text("1 person whom nobody knew is new in the list of customers.")).to_be_visible()
    press(page, "Import 1 row")
    expect(page.get_by_text("1 row is in.")).to_be_visible()
    assert "Gay Hill" in {one["name"] for one in ask(signed, "GET", "/api/customers?limit=50")["rows"]}
