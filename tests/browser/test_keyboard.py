"""The main job without a mouse: everything is reached and done by keys, and one always sees where the keyboard is."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.filling import COMPLAINT, QUESTION
from tests.browser.hands import OWNER, ask, titled
from tests.pictures import settled

pytestmark = pytest.mark.mail
MOST_TABS = 80
MARKED = """() => {
  const marked = (element) => {
    if (!element || element === document.body) return false;
    for (const shown of [element, ...document.querySelectorAll("[data-here=true]")]) {
      const style = getComputedStyle(shown);
      if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
      if (style.boxShadow !== "none") return true;
    }
    return marked(element.parentElement);
  };
  return marked(document.activeElement);
}"""


def here(page: Page) -> Locator:
    """What has the keyboard."""
    return page.locator("*:focus")


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Walk until this has the keyboard; on the way one always sees where one is."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press(key)
        assert page.evaluate(MARKED), (
            f"nobody sees that this has the keyboard: {here(page).evaluate('e => e.outerHTML')}"
        )
    raise AssertionError(f"the keyboard does not reach {wanted}")


def do(page: Page, words: str, line: str) -> None:
    """The palette: call it, say what, take the line."""
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Find or do…")
    expect(box).to_be_focused()
    page.keyboard.insert_text(words)
    said(page, re.compile(r"^\d+ results?$"))
    option = page.get_by_role("option", name=re.compile(f"^{line}")).first
    expect(option).to_be_visible()
    for _ in range(MOST_TABS):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """A screen reader hears this."""
    expect(page.locator("[role=status], [aria-live=polite]").filter(has_text=text).first).to_be_attached()


def test_the_door_by_keyboard(page, shop):
    page.goto("/customers")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.insert_text(OWNER["email"])
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.insert_text(OWNER["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid", name="Customers")).to_be_visible()
    expect(page).to_have_title(re.compile("^Customers"))


def test_one_skips_to_the_content(owner):
    owner.goto("/customers")
    settled(owner)
    owner.keyboard.press("Tab")
    skip = owner.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("main")).to_be_focused()
    owner.keyboard.press("Tab")
    expect(owner.get_by_role("main").locator(":focus")).to_have_text(re.compile("^Customers"))


def test_the_keys_show_themselves_and_go_again(owner):
    owner.goto("/customers")
    settled(owner)
    tab_to(owner, owner.get_by_role("button", name="Columns"))
    owner.keyboard.press("?")
    help_ = owner.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_be_visible()
    expect(help_).not_to_contain_text("ui.")
    owner.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    expect(owner.get_by_role("button", name="Columns")).to_be_focused()


def test_the_palette_goes_finds_and_does(owner, shop):
    owner.goto("/")
    titled(owner, "Today")
    do(owner, "cust", "Customers")
    expect(owner.get_by_role("grid", name="Customers")).to_be_visible()
    said(owner, re.compile("^Customers"))
    for words, found in {
        "张": "张伟", "zw": "张伟", "zhang@customers": "张伟", "8002": "李秀英", "88001": "88001", "T10001": COMPLAINT,
    }.items():  # fmt: skip
        owner.keyboard.press("Control+k")
        expect(owner.get_by_role("combobox", name="Find or do…")).to_be_focused()
        owner.keyboard.insert_text(words)
        option = owner.get_by_role("option", name=found).first
        expect(option).to_be_visible()
        said(owner, re.compile(r"^\d+ results?$"))
        owner.keyboard.press("Escape")
        expect(owner.get_by_role("dialog")).to_have_count(0)
    do(owner, "88001", "88001")
    expect(owner.get_by_role("heading", name="88001")).to_be_visible()


def test_the_palette_makes_a_customer(owner):
    owner.goto("/")
    titled(owner, "Today")
    do(owner, "new cust", "New customer")
    form = owner.get_by_role("dialog")
    expect(form.get_by_label("Name", exact=True)).to_be_focused()
    owner.keyboard.insert_text("周杰")
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("heading", name="周杰")).to_be_visible()
    said(owner, "周杰")


def test_the_palette_logs_a_call_with_whoever_is_on_the_page(owner, shop):
    owner.goto(f"/customers/{shop.filled.customer}")
    settled(owner)
    do(owner, "log a call", "Log a call")
    form = owner.get_by_role("dialog", name="Log a call")
    expect(form).to_contain_text("张伟")
    tab_to(owner, form.get_by_label(re.compile("^Result")))
    owner.keyboard.insert_text("Reached")
    owner.keyboard.press("Enter")
    tab_to(owner, form.get_by_label(re.compile("^(Text|What was said)")))
    owner.keyboard.insert_text("约好下周看样")
    tab_to(owner, form.get_by_role("button", name="Log a call"))
    owner.keyboard.press("Enter")
    expect(form).to_be_hidden()
    said(owner, "张伟")
    calls = ask(owner.context, "GET", f"/api/customers/{shop.filled.customer}/conversations?limit=50")["rows"]
    assert "约好下周看样" in [call["last_words"] for call in calls]


def test_the_palette_leads_to_the_import_and_to_another_dress(owner):
    owner.goto("/")
    titled(owner, "Today")
    do(owner, "import", "Import")
    titled(owner, "Import")
    do(owner, "dark", "Dark")
    expect(owner.locator("html")).to_have_attribute("data-theme", "dark")
    do(owner, "language", "繁體中文")
    titled(owner, "匯入")
    ask(owner.context, "PATCH", "/api/me", {"language": "en", "theme": "system"})


def test_a_list_is_walked_looked_into_and_narrowed(owner, shop):
    owner.goto("/customers?sort=name")
    settled(owner)
    grid = owner.get_by_role("grid", name="Customers")
    names = [row["name"] for row in ask(owner.context, "GET", "/api/customers?sort=name&limit=50")["rows"]]
    owner.keyboard.press("j")
    owner.keyboard.press("j")
    expect(grid).to_be_focused()
    assert owner.evaluate(MARKED)
    active = owner.locator(f"#{grid.get_attribute('aria-activedescendant')}")
    expect(active).to_contain_text(names[1])

    owner.keyboard.press("x")
    expect(active).to_have_attribute("aria-selected", "true")
    owner.keyboard.press("Escape")
    expect(active).to_have_attribute("aria-selected", "false")

    owner.keyboard.press(" ")
    expect(owner.get_by_role("complementary", name=names[1])).to_be_visible()
    owner.keyboard.press("k")
    expect(owner.get_by_role("complementary", name=names[0])).to_be_visible()
    owner.keyboard.press("Escape")
    expect(owner.get_by_role("complementary")).to_have_count(0)
    expect(grid).to_be_focused()

    owner.keyboard.press("Enter")
    expect(owner.get_by_role("heading", name=names[0])).to_be_visible()
    owner.go_back()
    expect(grid).to_be_focused()
    expect(owner.locator(f"#{grid.get_attribute('aria-activedescendant')}")).to_contain_text(names[0])


def test_a_list_is_narrowed_by_a_chip_and_the_keyboard_comes_back(owner):
    owner.goto("/customers")
    settled(owner)
    owner.keyboard.press("f")
    expect(owner.get_by_label("Which field?")).to_be_focused()
    owner.keyboard.insert_text("City")
    owner.keyboard.press("Enter")
    expect(owner.get_by_label("City", exact=True)).to_be_focused()
    owner.keyboard.insert_text("杭州")
    owner.keyboard.press("Enter")
    chip = owner.get_by_role("button", name=re.compile("^City.*杭州"))
    expect(chip.first).to_be_visible()
    expect(owner.get_by_role("link", name="陈静")).to_be_visible()
    expect(owner.get_by_role("link", name="张伟")).to_have_count(0)
    expect(owner.get_by_role("button", name="Filter", exact=True)).to_be_focused()


def test_a_record_is_edited_in_place(owner):
    made = ask(owner.context, "POST", "/api/customers", {"name": "孙丽"})["id"]
    owner.goto("/customers?q=孙丽")
    settled(owner)
    owner.keyboard.press("j")
    owner.keyboard.press("e")
    field = owner.get_by_label("Name", exact=True)
    expect(field).to_be_focused()
    owner.keyboard.press("Control+a")
    owner.keyboard.insert_text("孙莉")
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("heading", name="孙莉")).to_be_visible()
    expect(owner.get_by_role("button", name=re.compile("^Name.*孙莉|孙莉"))).to_be_focused()
    assert ask(owner.context, "GET", f"/api/customers/{made}")["name"] == "孙莉"
    owner.keyboard.press("e")
    owner.keyboard.insert_text("别的")
    owner.keyboard.press("Escape")
    assert ask(owner.context, "GET", f"/api/customers/{made}")["name"] == "孙莉"


def test_the_inbox_is_worked_off(owner, shop):
    owner.goto("/inbox")
    settled(owner)
    owner.keyboard.press("j")
    thread = owner.get_by_role("region", name=re.compile(f"{COMPLAINT}|{QUESTION}"))
    expect(thread).to_be_visible()
    first = thread.get_attribute("aria-label")
    second = QUESTION if first == COMPLAINT else COMPLAINT
    owner.keyboard.press("j")
    expect(owner.get_by_role("region", name=second)).to_be_visible()
    owner.keyboard.press("k")
    expect(owner.get_by_role("region", name=str(first))).to_be_visible()

    owner.goto(f"/inbox/{shop.filled.question}")
    expect(owner.get_by_role("region", name=QUESTION)).to_be_visible()
    owner.keyboard.press("r")
    expect(owner.get_by_label("Write an answer")).to_be_focused()
    owner.keyboard.insert_text("下周一到货，给您留一份。")
    owner.keyboard.press("Control+Enter")
    expect(owner.get_by_role("log")).to_contain_text("下周一到货，给您留一份。")
    back = owner.get_by_role("log").get_by_role("button", name="Take back")
    tab_to(owner, back, "Shift+Tab")
    owner.keyboard.press("Enter")
    said(owner, "Taken back; it was not sent")

    owner.keyboard.press("d")
    asked = owner.get_by_role("dialog", name="Close")
    tab_to(owner, asked.get_by_role("checkbox"))
    owner.keyboard.press(" ")
    tab_to(owner, asked.get_by_role("button", name="Close").last)
    owner.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert ask(owner.context, "GET", f"/api/conversations/{shop.filled.question}")["status"] == "closed"
    ask(owner.context, "POST", f"/api/conversations/{shop.filled.question}/reopen")


def test_a_strategy_is_sent_and_called_back(owner, shop):
    owner.goto("/strategies")
    settled(owner)
    owner.keyboard.press("j")
    owner.goto(f"/strategies/{shop.filled.strategy}")
    reach = owner.get_by_role("complementary", name="Whom it reaches")
    expect(reach).to_contain_text("may be contacted, of 3")
    send = reach.get_by_role("button", name="Send")
    tab_to(owner, send)
    owner.keyboard.press("Enter")
    recall = owner.get_by_role("button", name="Take back")
    expect(recall).to_be_focused()
    owner.keyboard.press("Enter")
    said(owner, "Taken back; nobody was contacted")
    assert ask(owner.context, "GET", f"/api/strategies/{shop.filled.strategy}")["status"] == "draft"


def test_a_clause_opens_its_cases(owner):
    owner.goto("/protocol?span=year")
    settled(owner)
    cases = owner.get_by_role("article").filter(has=owner.get_by_role("link")).first.get_by_role("link").first
    tab_to(owner, cases)
    owner.keyboard.press("Enter")
    expect(owner).to_have_url(re.compile("/figures/"))
    expect(owner.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    owner.go_back()
    expect(owner.get_by_role("article").first).to_be_visible()


def test_a_menu_takes_the_keyboard_keeps_the_keys_for_itself_and_gives_it_back(owner):
    owner.goto("/customers")
    settled(owner)
    owner.keyboard.press("j")
    opener = owner.get_by_role("banner").get_by_role("button", name="New")
    tab_to(owner, opener, "Shift+Tab")
    owner.keyboard.press("Enter")
    menu = owner.get_by_role("menu")
    expect(menu).to_be_visible()
    expect(owner.get_by_role("menuitem").first).to_be_focused()
    owner.keyboard.press("ArrowDown")
    expect(owner.get_by_role("menuitem").nth(1)).to_be_focused()
    owner.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    expect(owner).to_have_url(re.compile("/customers$"))


def test_many_rows_are_changed_and_taken_back(owner):
    owner.goto("/customers?sort=name")
    expect(owner.get_by_role("grid", name="Customers").get_by_role("row").nth(1)).to_be_visible()
    for key in ("j", "x", "j", "x", "e"):
        owner.keyboard.press(key)
    dialog = owner.get_by_role("dialog", name="Change 2 customers")
    expect(dialog.get_by_label("Field")).to_be_focused()
    owner.keyboard.type("City")
    owner.keyboard.press("Enter")
    tab_to(owner, dialog.get_by_label("New value"))
    owner.keyboard.insert_text("重庆")
    owner.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    said(owner, re.compile("Changed: 2 records"))
    where = '{"field":"city","op":"is","value":"重庆"}'
    assert len(ask(owner.context, "GET", f"/api/customers?where={where}")["rows"]) == 2
    tab_to(owner, owner.get_by_label("Messages").get_by_role("button", name="Undo"))
    owner.keyboard.press("Enter")
    said(owner, re.compile("Taken back: 2 records"))
    assert ask(owner.context, "GET", f"/api/customers?where={where}")["rows"] == []
