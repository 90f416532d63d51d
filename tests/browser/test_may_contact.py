"""Why may we (not) write to her: read on her page by keyboard, at a desk and on a phone, changed by what she says."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import ask
from tests.chromium import DESK, PHONE

pytestmark = pytest.mark.mail


def wish(page: Page, name: str):
    """One purpose on the page of a customer."""
    panel = page.get_by_role("region", name="May we contact them?")
    return panel.locator("details").filter(has=page.locator("summary").filter(has_text=name))


def opened(page: Page, customer: str) -> None:
    page.goto(f"/customers/{customer}")
    if page.viewport_size == PHONE:
        page.get_by_text("Related", exact=True).click()


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_a_no_is_explained_by_keyboard_with_what_says_so_and_what_helps(owner, shop, seen_at):
    owner.set_viewport_size(seen_at)
    customer = ask(owner.context, "POST", "/api/customers", {"name": "Jane Gate", "zone": "Etc/UTC"})["id"]
    no = ask(owner.context, "POST", "/api/consents/withdraw", {"customer": customer, "how": "told"})
    opened(owner, customer)
    marketing = wish(owner, "Marketing")
    expect(marketing.locator("summary")).to_have_text("MarketingNo")
    marketing.locator("summary").focus()
    owner.keyboard.press("Enter")
    expect(marketing.get_by_text("The customer said no to everything").first).to_be_visible()
    expect(marketing.get_by_text("record the new consent in their words").first).to_be_visible()
    owner.keyboard.press("Tab")
    expect(marketing.get_by_role("link", name="Show the record").first).to_be_focused()
    owner.keyboard.press("Enter")
    expect(owner).to_have_url(f"{owner.url.split('/consents')[0]}/consents/{no['id']}")


def test_what_she_says_is_seen_at_once_on_an_open_page(owner, shop):
    customer = ask(owner.context, "POST", "/api/customers", {"name": "Jane Live", "zone": "Etc/UTC"})["id"]
    opened(owner, customer)
    greeting = wish(owner, "Greeting")
    expect(greeting.locator("summary")).not_to_have_text("GreetingNo")
    ask(owner.context, "POST", "/api/consents/withdraw", {"customer": customer, "how": "told", "purpose": "greeting"})
    expect(greeting.locator("summary")).to_have_text("GreetingNo")
