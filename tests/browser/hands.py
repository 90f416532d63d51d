"""What a person does in the browser, in the words of the screen; and the house asked directly, without a page."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

OWNER = {"name": "Ann Lee", "email": "ann@leedstea.test", "password": "a-long-enough-secret"}
AT_THE_BOTTOM = ("Today", "Inbox", "Customers", "Service", "Protocol")


def ask(context: BrowserContext, method: str, path: str, data: Any = None) -> Any:
    """Ask the house as the person who is signed in."""
    given = {} if data is None and method != "GET" else data
    answer = context.request.fetch(path, method=method, data=given, headers={"X-Guanxi": "1"})
    assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:500]}"
    return answer.json()


def on_phone(page: Page) -> bool:
    """Whether the page is as narrow as a telephone."""
    return page.viewport_size is not None and page.viewport_size["width"] < 768


def choose(page: Page, label: str, text: str, within: Locator | None = None) -> None:
    """Open a choice by its label and click what stands there."""
    box = (within or page).get_by_label(label, exact=True)
    box.click()
    if box.get_attribute("readonly") is None:
        box.fill(text)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=text).first.click()


def press(page: Page | Locator, name: str) -> None:
    """Click the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def pick(page: Page, menu: str, item: str) -> None:
    """Open a menu by its button and click one of its lines."""
    press(page, menu)
    page.get_by_role("menuitem", name=item, exact=True).click()


def pick_by_keys(page: Page, menu: str, item: str) -> None:
    """The same without a mouse; the menu has the keyboard a few frames after it is seen."""
    page.get_by_role("button", name=menu, exact=True).focus()
    page.keyboard.press("Enter")
    lines = page.get_by_role("menuitem")
    expect(lines.first).to_be_focused()
    place = next(at for at, text in enumerate(lines.all_inner_texts()) if text.startswith(item))
    for line in range(1, place + 1):
        page.keyboard.press("ArrowDown")
        expect(lines.nth(line)).to_be_focused()
    page.keyboard.press("Enter")


def go(page: Page, place: str) -> None:
    """Go to a place of the house by its name; a phone has five at the bottom and the others in the menu of me."""
    if on_phone(page) and place not in AT_THE_BOTTOM:
        page.get_by_role("button", name=re.compile("language, appearance, sign out$")).click()
        page.get_by_role("menuitem", name=place, exact=True).click()
    else:
        page.get_by_role("navigation", name="Places").get_by_role("link", name=place, exact=True).click()


def tab(page: Page, name: str) -> None:
    """Go to a list beside the one that is shown."""
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def titled(page: Page, title: str) -> None:
    """Wait until the page says where one is."""
    expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible()


def figure(page: Page, text: str) -> Locator:
    """Some text that contains this, wherever it stands."""
    return page.get_by_text(re.compile(text)).first


def sign_in(page: Page, email: str = OWNER["email"], password: str = OWNER["password"]) -> None:
    """Sign in as a person does."""
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Sign in")
    titled(page, "Today")
