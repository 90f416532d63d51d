"""A colleague is invited by a link, chooses a password by it on a phone, and is let in anew when it is forgotten."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.browser.dresses import in_both_dresses
from tests.browser.hands import OWNER, ask, choose, press, sign_in, titled
from tests.chromium import DESK, PHONE
from tests.house import House

FIRST = {
    "company": "Leeds Tea", "language": "en", "zone": "Europe/London", "currency": "GBP", "line_of_work": "shop",
    **OWNER,
}  # fmt: skip
SAM, CHOSEN, ANEW = "sam@leedstea.test", "chosen on my phone", "chosen a second time"


@pytest.fixture
def boss(context, page) -> Page:
    """The owner of a house that was set up just now."""
    ask(context, "POST", "/api/first-run", FIRST)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def copied(page: Page) -> str:
    """The link, by the button that copies it."""
    dialog = page.get_by_role("dialog", name="Password link for Sam")
    expect(dialog).to_contain_text(f"Send it to {SAM} yourself")
    press(dialog, "Copy")
    expect(dialog.get_by_role("status")).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def follow(browser: Browser, house: House, link: str, password: str) -> None:
    """Somebody whom nobody knows here yet opens a link on a phone and chooses a password."""
    opened = browser.new_context(base_url=house.url, viewport=PHONE, locale="en-GB")
    for page in watched(opened):
        page.goto(link)
        expect(page.get_by_text(f"Choose the password with which you sign in as {SAM}.")).to_be_visible()
        expect(page.get_by_text("At least 10 characters.")).to_be_visible()
        assert in_both_dresses(page, "welcome") == {}
        page.keyboard.type("short")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("A password needs at least 10 characters.")
        page.get_by_label("Choose a password").fill(password)
        press(page, "Set it and sign in")
        titled(page, "Today")
        assert page.url == f"{house.url}/"
        page.goto("about:blank")
        page.goto(link)
        titled(page, "Ask for a new link")
        press(page, "To the sign-in page")
        titled(page, "Today")
    opened.close()


def test_a_colleague_comes_in_by_a_link_and_again_by_another(browser, house, boss):
    boss.goto("/users")
    press(boss, "New user")
    form = boss.get_by_role("dialog", name="Invite somebody")
    expect(form.get_by_label("Password")).to_have_count(0)
    form.get_by_label("Name").fill("Sam")
    form.get_by_label("E-mail").fill(SAM)
    choose(boss, "Roles optional", "Agent", form)
    press(form, "Invite somebody")
    follow(browser, house, copied(boss), CHOSEN)
    boss.keyboard.press("Escape")
    titled(boss, "Sam")
    press(boss, "Change roles")
    form = boss.get_by_role("dialog", name="Change roles")
    expect(form.get_by_title("Agent", exact=True)).to_be_visible()
    press(form, "Cancel")
    press(boss, "Make a password link")
    press(boss.get_by_role("dialog"), "Make a password link")
    follow(browser, house, copied(boss), ANEW)
    opened = browser.new_context(base_url=house.url, viewport=DESK, locale="en-GB")
    sign_in(opened.new_page(), SAM, ANEW)
    opened.close()
