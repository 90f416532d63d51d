"""The first half of the main job in a browser: own data in, the mirror, the mailbox, a segment; all of it clicked."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish
from tests.browser.hands import OWNER, ask, choose, press, titled
from tests.house import until

pytestmark = pytest.mark.mail
SUPPORT = "support@company.test"
CUSTOMERS = """Customer number,Name,E-mail,City,Newsletter,Consent wording,Consent date,Consent place
C1,Alice Smith,alice@customers.test,Leeds,yes,Send me news about tea,2026-01-10,shop
C2,Bob Jones,bob@customers.test,Leeds,yes,Send me news about tea,2026-02-11,shop
C3,Carol White,carol@customers.test,Leeds,,,,
C4,Dave Brown,dave@customers.test,York,yes,Send me news about tea,2026-03-12,shop
"""
ORDERS = """Order number,Order date,Customer number,Product code,Description,Quantity,Price
1001,2026-09-01,C1,T1,Green tea,2,12.50
1002,2026-10-01,C1,T2,Black tea,1,30.00
1003,2026-10-05,C2,T1,Green tea,4,12.50
1004,2026-10-09,C4,T1,Green tea,1,12.50
"""


def begin(page: Page) -> None:
    """The first page of an empty house: whose company, which zone, who."""
    page.goto("/")
    page.get_by_label("Company name").fill("Leeds Tea")
    choose(page, "Time zone", noonish().replace("_", " "))
    page.get_by_label("Your name").fill(OWNER["name"])
    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_label("Choose a password").fill(OWNER["password"])
    press(page, "Start with my own data")
    titled(page, "Today")


def bring(page: Page, noun: str, name: str, text: str, rows: int) -> None:
    """The import wizard: the file, its columns, the trial, the writing."""
    page.goto("/import")
    page.get_by_role("main").get_by_text(noun, exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    press(page, "Try it")
    expect(page.get_by_text(f"{rows} rows were tried. Nothing is written yet.")).to_be_visible()
    press(page, f"Import {rows} rows")
    expect(page.get_by_text(f"{rows} rows are in.")).to_be_visible()


def mirror(page: Page) -> None:
    """After an import the page says what the data shows, and every sentence opens its people."""
    sentence = page.get_by_role("listitem").filter(has_text="of revenue")
    expect(sentence).to_contain_text("Your top 20 %")
    sentence.get_by_text("Open these people").click()
    expect(page.get_by_text("Alice Smith").first).to_be_visible()


def connect_mailbox(page: Page, rig) -> None:
    """A mailbox under Settings, with the test of its connections."""
    page.goto("/mailboxes")
    page.get_by_role("button", name=re.compile("^New mailbox|^Connect")).first.click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name=re.compile("more field")).click()
    for label, value in {
        "Name": "Support", "Address": SUPPORT, "Password": rig.password, "Server for reading (IMAP)": "localhost",
        "Server for sending (SMTP)": "localhost", "Port for reading": str(rig.imaps),
        "Port for sending": str(rig.smtps), "Certificate authority of your own": rig.authority,
    }.items():  # fmt: skip
        form.get_by_label(re.compile(rf"^{re.escape(label)}( optional)?$")).fill(value)
    press(form, "Create")
    press(page, "Test the connection")
    box = ask(page.context, "GET", "/api/mailboxes")["rows"][0]["id"]
    ask(page.context, "POST", f"/api/mailboxes/{box}/test")  # what the button found is only shown for a moment
    read = f"/api/mailboxes/{box}"
    until(lambda: ask(page.context, "GET", read)["read_at"], seconds=60, what="the first reading of the mailbox")


def segment(page: Page) -> None:
    """Who belongs together, as a sentence and a number while one writes."""
    page.goto("/segments/new")
    page.get_by_label("Name of the segment").fill("Leeds")
    press(page, "Field")
    choose(page, "Field", "City")
    choose(page, "Comparison", "is")
    page.get_by_label("City", exact=True).last.fill("Leeds")
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("3")
    expect(preview).to_contain_text("City is")
    expect(preview.get_by_role("link", name="Carol White")).to_be_visible()
    press(page, "Create segment")
    expect(page.get_by_role("heading", name="Leeds", exact=True)).to_be_visible()


def test_from_an_empty_house_to_a_segment_by_mouse(page, mail_server):
    begin(page)
    bring(page, "Customers", "customers.csv", CUSTOMERS, 4)
    bring(page, "Orders", "orders.csv", ORDERS, 4)
    mirror(page)
    connect_mailbox(page, mail_server)
    segment(page)
