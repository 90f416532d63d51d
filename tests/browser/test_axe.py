"""Nothing grave is wrong for those who cannot see, point or hear: axe looks at what floats, and at the doors."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dresses import in_both_dresses, violations
from tests.browser.hands import OWNER
from tests.pictures import THEMES, settled

pytestmark = pytest.mark.mail
Open = Callable[[Page], object]


def palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("88001")
    expect(page.get_by_role("option", name="88001")).to_be_visible()


def own_menu(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name=OWNER["name"]).click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()


def own_choices(page: Page) -> None:
    own_menu(page)
    page.get_by_role("menuitem", name="Language").hover()
    expect(page.get_by_role("menuitem", name="简体中文")).to_be_visible()


def new_menu(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="New").click()
    expect(page.get_by_role("menuitem", name="Ticket", exact=True)).to_be_visible()


def keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def new_customer(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_visible()


def refused(page: Page) -> None:
    new_customer(page)
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog").get_by_text("Name is needed")).to_be_visible()


def new_filter(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.get_by_label("Which field?")).to_be_visible()


def columns(page: Page) -> None:
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_role("checkbox", name="City")).to_be_visible()


def peek(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press(" ")
    expect(page.get_by_role("complementary").get_by_role("region").first).to_be_visible()


def chosen(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("row", selected=True)).to_be_visible()


def history(page: Page) -> None:
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_be_visible()


def edit(page: Page) -> None:
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Save")).to_be_visible()


def log_call(page: Page) -> None:
    page.get_by_role("button", name="Log a contact").click()
    page.get_by_role("menuitem", name="Log a call").click()
    expect(page.get_by_role("dialog", name="Log a call")).to_be_visible()


OPENED: dict[str, tuple[str, Open]] = {
    "palette": ("/", palette), "own-menu": ("/", own_menu), "own-choices": ("/", own_choices),
    "new-menu": ("/", new_menu), "keys": ("/", keys), "new-customer": ("/customers", new_customer),
    "refused": ("/customers", refused), "filter": ("/customers", new_filter), "columns": ("/customers", columns),
    "peek": ("/customers", peek), "chosen": ("/customers", chosen), "history": ("/customers/{customer}", history),
    "edit": ("/customers/{customer}", edit), "log-call": ("/customers/{customer}", log_call),
}  # fmt: skip


@pytest.mark.parametrize("opened", OPENED)
def test_what_floats_above_a_page(owner, shop, opened):
    path, act = OPENED[opened]
    owner.goto(path.format(customer=shop.filled.customer))
    settled(owner)
    act(owner)
    found = {}
    for theme in THEMES:
        owner.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(owner.locator("html")).to_have_attribute("data-theme", theme)
        settled(owner)
        if wrong := violations(owner):
            found[theme] = wrong
    assert found == {}, found


def test_the_door(page, shop):
    page.goto("/")
    page.get_by_label("E-mail").fill("nobody@leedstea.test")
    page.get_by_label("Password", exact=True).fill("a-wrong-secret")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert in_both_dresses(page, "sign-in") == {}
