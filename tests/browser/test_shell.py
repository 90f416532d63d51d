"""The frame around every page: where one is, what one chose for oneself, and what happens when the way is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.hands import OWNER, ask, press, titled
from tests.chromium import PHONE
from tests.house import until
from tests.pictures import SIZES, settled

pytestmark = pytest.mark.mail
PLACES = ("Today", "Inbox", "Customers", "Sales", "Service", "Marketing", "Protocol", "Figures", "Settings")


def nav(page: Page, name: str):
    """A place in the navigation."""
    return page.get_by_role("navigation", name="Places").get_by_role("link", name=name)


def menu(page: Page, *names: str) -> None:
    """Choose in the menu of oneself, once it has closed after the last time."""
    expect(page.locator(".ant-dropdown:visible")).to_have_count(0)
    page.get_by_role("banner").get_by_role("button", name=OWNER["name"]).click()
    for name in names[:-1]:
        page.get_by_role("menuitem", name=name).hover()
    page.get_by_role("menuitem", name=names[-1]).click()


def test_every_place_says_where_one_is(owner):
    owner.goto("/")
    for name in PLACES:
        nav(owner, name).click()
        titled(owner, name)
        expect(owner).to_have_title(re.compile(f"^{name}\\b.* · Guanxi$"))
        expect(nav(owner, name)).to_have_attribute("aria-current", "page")


def test_what_takes_long_shows_its_outline_until_it_is_there(owner):
    owner.goto("/")
    titled(owner, "Today")
    held: list[Route] = []
    owner.route("**/assets/list-page*.js", lambda route: held.append(route))
    nav(owner, "Service").click()
    expect(nav(owner, "Service")).to_have_attribute("aria-current", "page")
    expect(owner.get_by_role("main").get_by_role("status", name="Loading")).to_be_visible()
    for route in held:
        route.continue_()
    titled(owner, "Service")


def test_a_dialog_stands_where_it_stays(owner):
    """One that grows into place moves its buttons under a pointer already pressed, and the click is lost."""
    owner.goto("/customers")
    titled(owner, "Customers")
    owner.evaluate(
        "window.moved = []; document.addEventListener('animationstart',"
        " ({ target, animationName }) => target.matches('.ant-modal') && window.moved.push(animationName))"
    )
    owner.get_by_role("main").get_by_role("button", name="New customer", exact=True).click()
    until(lambda: owner.evaluate("window.moved.length"), what="the dialog's way in")
    press(owner.get_by_role("dialog"), "Cancel")
    expect(owner.get_by_role("dialog")).to_be_hidden()
    assert set(owner.evaluate("window.moved")) == {"gx-fade"}  # of opacity alone: ui/base.css


def test_a_rule_of_the_house_is_chosen_by_keyboard_and_taken_back(owner):
    owner.goto("/settings")
    owner.get_by_role("main").get_by_role("link", name="Rules").click()
    line = owner.get_by_role("listitem").filter(has_text="Quiet hours begin")
    expect(line.get_by_text("As shipped")).to_be_visible()
    line.get_by_label("Quiet hours begin").fill("20:15")
    owner.keyboard.press("Enter")
    expect(line.get_by_text(OWNER["name"])).to_be_visible()
    owner.reload()
    expect(line.get_by_label("Quiet hours begin")).to_have_value("20:15")
    press(line, "Back to 21:00")
    expect(line.get_by_text("As shipped")).to_be_visible()
    expect(line.get_by_label("Quiet hours begin")).to_have_value("21:00")
    days = owner.get_by_role("listitem").filter(has_text="Days of past mail")
    days.get_by_role("spinbutton").fill("9999")
    owner.keyboard.press("Enter")
    expect(days.get_by_role("alert")).to_contain_text("must be between 0 and 3650.")


def test_choices_open_where_they_are_seen_for_whoever_wants_no_motion(owner):
    owner.emulate_media(reduced_motion="reduce")
    owner.goto("/customers")
    titled(owner, "Customers")
    owner.get_by_role("main").get_by_role("button", name="New customer", exact=True).click()
    owner.get_by_role("dialog").get_by_role("combobox").first.click()
    expect(owner.locator(".ant-select-dropdown .ant-select-item-option").first).to_be_in_viewport()


def test_nothing_at_an_address_leads_home(owner):
    owner.goto("/nowhere/at/all")
    titled(owner, "There is nothing at this address")
    owner.get_by_role("main").get_by_role("link", name="Go to Today").click()
    titled(owner, "Today")


def test_the_menu_folds_and_stays_folded(owner):
    owner.goto("/")
    owner.get_by_role("button", name="Fold the menu").click()
    expect(owner.get_by_role("button", name="Unfold the menu")).to_be_visible()
    owner.reload()
    expect(owner.get_by_role("button", name="Unfold the menu")).to_be_visible()
    nav(owner, "Customers").click()
    titled_list = owner.get_by_role("grid", name="Customers")
    expect(titled_list).to_be_visible()


def test_language_and_dress_are_chosen_and_stay(owner):
    owner.emulate_media(color_scheme="dark")
    owner.goto("/")
    html = owner.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    menu(owner, "Appearance", "Light")
    expect(html).to_have_attribute("data-theme", "light")
    menu(owner, "Language", "简体中文")
    titled(owner, "今天")
    expect(html).to_have_attribute("lang", "zh-Hans")
    owner.reload()
    titled(owner, "今天")
    expect(html).to_have_attribute("data-theme", "light")
    menu(owner, "语言", "繁體中文")
    expect(html).to_have_attribute("lang", "zh-Hant")
    menu(owner, "語言", "English")
    titled(owner, "Today")
    menu(owner, "Appearance", "Same as the device")
    expect(html).to_have_attribute("data-theme", "dark")
    assert (ask(owner.context, "GET", "/api/me")["language"], ask(owner.context, "GET", "/api/me")["theme"]) == (
        "en",
        "system",
    )


def test_a_phone_has_five_places_under_the_thumb(owner):
    owner.set_viewport_size(PHONE)
    owner.goto("/")
    bar = owner.get_by_role("navigation", name="Places")
    expect(bar.get_by_role("link")).to_have_text(["Today", "Inbox", "Customers", "Service", "Protocol"])
    for name in ("Inbox", "Customers", "Service", "Protocol", "Today"):
        bar.get_by_role("link", name=name).click()
        expect(bar.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    owner.get_by_role("button", name="Find or do…").click()
    expect(owner.get_by_role("combobox", name="Find or do…")).to_be_focused()
    owner.keyboard.insert_text("88001")
    owner.get_by_role("option", name="88001").click()
    expect(owner.get_by_role("heading", name="88001")).to_be_visible()


def test_an_ended_session_asks_for_the_door_and_leads_back(page, shop):
    page.context.add_cookies(shop.state["cookies"])
    ask(page.context, "PATCH", "/api/me", {"language": "en"})
    page.goto("/orders")
    expect(page.get_by_role("grid", name="Orders")).to_be_visible()
    page.context.clear_cookies()
    nav(page, "Customers").click()
    expect(page.get_by_role("status").filter(has_text="Your session has ended.")).to_be_visible()
    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_label("Password", exact=True).fill(OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("grid", name="Customers")).to_be_visible()
    expect(page).to_have_url(re.compile("/customers$"))


def test_a_lost_way_is_said_and_found_again(owner):
    lost = owner.get_by_text("The connection is lost.")
    owner.route("**/api/live", lambda route: route.abort())
    owner.goto("/")
    titled(owner, "Today")
    expect(lost).to_be_visible()
    owner.unroute("**/api/live")
    expect(lost).to_be_hidden()


def test_a_stream_that_is_refused_is_asked_for_again(owner):
    lost = owner.get_by_text("The connection is lost.")
    owner.route("**/api/live", lambda route: route.fulfill(status=502, body="restarting"))
    owner.goto("/")
    expect(lost).to_be_visible()
    owner.unroute("**/api/live")
    expect(lost).to_be_hidden()


def test_without_the_server_the_page_says_so_and_recovers(owner):
    owner.route("**/api/**", lambda route: route.abort())
    owner.goto("/customers")
    expect(owner.get_by_role("heading", name="Guanxi cannot be reached")).to_be_visible()
    owner.unroute("**/api/**")
    owner.get_by_role("button", name="Try again").click()
    expect(owner.get_by_role("grid", name="Customers")).to_be_visible()


def test_a_part_of_an_older_version_is_fetched_anew(owner):
    owner.goto("/")
    titled(owner, "Today")
    owner.route("**/assets/company-page*", lambda route: route.fulfill(status=404, body=""), times=1)
    nav(owner, "Settings").click()
    expect(owner.get_by_label("Company name")).to_be_visible()


def test_a_part_that_stays_missing_is_said_once(owner):
    owner.goto("/")
    titled(owner, "Today")
    owner.route("**/assets/company-page*.js", lambda route: route.fulfill(status=404, body=""))
    with owner.expect_event("load"):  # it tries by itself once
        nav(owner, "Settings").click()
    expect(owner.get_by_text("A part of this page could not be loaded")).to_be_visible()
    owner.unroute("**/assets/company-page*.js")
    owner.get_by_role("button", name="Load again").click()
    expect(owner.get_by_label("Company name")).to_be_visible()


@pytest.mark.parametrize("window", SIZES)
def test_how_far_the_sample_company_is_stands_on_every_page_and_moves_nothing_when_it_goes(owner, window):
    lived = 31
    owner.route("**/api/sample", lambda route: route.fulfill(json={"lived": lived, "of": 100}))
    owner.set_viewport_size(SIZES[window])
    owner.goto("/customers")
    said = owner.get_by_role("banner").get_by_text(re.compile("Sample.* 31%"))
    for path in ("/protocol", "/customers"):
        owner.goto(path)
        expect(said).to_be_visible()
    settled(owner)
    places = """() => [...document.querySelectorAll("h1, header button, main, main *")].map((one) => {
      const { x, y } = one.getBoundingClientRect();
      return `${x} ${y}`;
    })"""
    before = owner.evaluate(places)
    lived = 100
    expect(said).to_have_count(0)
    assert owner.evaluate(places) == before
