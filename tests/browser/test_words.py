"""Nothing on a Chinese page is left in English, no page is wider than its screen, and axe finds nothing grave."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.dresses import in_both_dresses
from tests.browser.hands import OWNER, ask
from tests.pictures import SIZES, first, pages, settled

pytestmark = pytest.mark.mail
# What people typed, and what is written in Latin letters in any language.
SPELLED = re.compile(
    r"\S+@\S+|\S*\.csv|\{\{.*?\}\}|[\w.-]+\.test|"
    rf"{OWNER['name']}|AL|English|Guanxi|localhost|INBOX|Sent|"
    r"owner|manager|agent|seller|marketer|analyst|[a-z]+(-[a-z]+)+|[0-9a-f]{8}(-[0-9a-f]{4,12}){4}|"
    r"CSV|TSV|gz|Ctrl|Enter|Esc|IMAP|SMTP|TLS|PEM|UTF-8|CNY|Chrome|Linux|[A-Z][a-z]+/[A-Z][\w ]+|T\d+|K"
)
CHINESE, MESSAGE_ID = re.compile(r"[\u3400-\u9fff]"), re.compile(r"\b[a-z_]+\.[a-z_]+\.")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][:;!?(]|[:;!?)][\u3400-\u9fff]")
NOBODY = "00000000-0000-7000-8000-000000000000"
TEXTS = """() => {
  const texts = new Set();
  const shown = (element) => element && element.checkVisibility({ visibilityProperty: true });
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const address = parent.closest("a[href^='mailto:']");  // one text, however it may be broken into lines
    if (!parent.closest("script, style, iframe") && shown(parent))
      texts.add(address ? address.textContent : walk.currentNode.data);
  }
  const DRAWN = "[aria-hidden=true], .anticon, .ant-select-clear, [unselectable=on]";  // by Ant Design, for the eye
  const told = [...document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")];
  for (const element of told.filter((one) => !one.closest(DRAWN)))
    for (const name of ["aria-label", "placeholder", "title", "alt"]) texts.add(element.getAttribute(name) ?? "");
  texts.add(document.title);
  return [...texts];
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
WIDER = """() => {
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  const cut = [...document.querySelectorAll("main *, header *, nav *")].filter((element) => {
    const { overflowX, textOverflow, clipPath } = getComputedStyle(element);  // what is clipped is said, not shown
    return overflowX === "hidden" && textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1
      && clipPath === "none" && element.checkVisibility()
      && !element.closest(".ant-select, .ant-switch, [role=grid], [unselectable=on]");
  });
  return [...(wide ? ["the page"] : []), ...cut.map((element) => element.outerHTML.slice(0, 120))];
}"""


def foreign(texts: list[str]) -> list[str]:
    """What is Latin only, once what is spelled so anywhere is left out; message ids; signs of another script."""
    left = [text for text in texts if re.search(r"[A-Za-z]", SPELLED.sub("", text))]
    latin = [text for text in left if not CHINESE.search(text) or MESSAGE_ID.search(text)]
    return [*latin, *(text for text in texts if HALF_WIDTH.search(text) and text not in latin)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("客户", []), ("Customers", ["Customers"]), ("ui.place.today", ["ui.place.today"]), ("CNY", []),
        ("写信给 zhang@customers.test", []), ("客户 ui.place.today", ["客户 ui.place.today"]),
        ("代码：T10001", []), ("代码: T10001", ["代码: T10001"]), ("姓名,电话", []),
    ],
)  # fmt: skip
def test_what_is_foreign_is_known(text, left):
    assert foreign([text]) == left


def named_where_they_are_kept(context: BrowserContext) -> set[str]:
    """Holidays and parts of the country in which it is noon just now, which may have no Chinese name."""
    known = ask(context, "GET", "/api/calendar")
    parts = known["countries"].get(known["country"], [])
    return {day["name"] for day in known["days"]} | {name for _, name in parts}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])  # Traditional where more is opened, see below
def test_every_page_says_where_one_is_in_its_language_and_fits_its_screen(owner, language):
    ask(owner.context, "PATCH", "/api/me", {"language": language})
    found: dict[str, list[str]] = {}
    named = named_where_they_are_kept(owner.context)
    for name, path in pages(owner.context).items():
        owner.goto(path)
        settled(owner)
        left = [text for text in foreign(owner.evaluate(TEXTS)) if language != "en" and text.strip() not in named]
        titled = re.match(r"(?!ui\.)\S.* · Guanxi$", owner.title())
        wide = []
        for size, viewport in SIZES.items():
            owner.set_viewport_size(viewport)
            owner.evaluate(DRAWN)
            wide += [f"{size}: {element}" for element in owner.evaluate(WIDER)]
        if wrong := [*left, *wide, *([] if titled else [owner.title()])]:
            found[name] = wrong
        found |= in_both_dresses(owner, name) if language == "en" else {}  # axe reads no language
        owner.set_viewport_size(SIZES["desk"])
    assert found == {}, found


def more(context: BrowserContext, meta: dict[str, Any]) -> dict[str, str]:
    """Pages nobody takes a picture of: a figure of every unit, a record of every kind, and one that is not there."""
    figures = {measure["unit"]: name for name, measure in meta["measures"].items()}
    kinds = set(meta["records"]) - {"ticket_rules"}  # which list the words of mail in every language
    rows = {plural: first(context, f"/api/{plural}?limit=1") for plural in sorted(kinds)}
    return {
        **{name: f"/figures/{name}" for name in figures.values()},
        **{plural: f"/{plural}/{id}" for plural, id in rows.items() if id},
        "gone": f"/customers/{NOBODY}",
    }


def dialogs(page: Page, meta: dict[str, Any], plural: str) -> dict[str, list[str]]:
    """What stands in the dialogs of the verbs of the record that is shown, opened by their names."""
    found = {}
    for name in meta["records"][plural]["operations"]:
        operation = meta["operations"].get(name)
        if not operation or not operation["one"] or not (operation["input"] or {}).get("properties"):
            continue
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        page.keyboard.insert_text(operation["label"])
        line = page.get_by_role("option", name=re.compile(f"^{re.escape(operation['label'])}")).first
        page.wait_for_timeout(300)
        if line.is_visible():
            line.click()
            expect(page.get_by_role("dialog").get_by_role("button").last).to_be_visible()
            found[name] = foreign(page.evaluate(TEXTS))
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    return found


def test_dialogs_figures_and_what_is_not_there_speak_the_language_too(owner):
    ask(owner.context, "PATCH", "/api/me", {"language": "zh-Hant"})
    meta = ask(owner.context, "GET", "/api/meta")
    found: dict[str, list[str]] = {}
    opened = set()
    for name, path in more(owner.context, meta).items():
        owner.goto(path)
        settled(owner)
        found[name] = foreign(owner.evaluate(TEXTS))
        if name in meta["records"]:
            told = dialogs(owner, meta, name)
            opened |= set(told)
            found |= told
    left = {name: texts for name, texts in found.items() if texts}
    assert left == {}, "\n".join(f"{name}: {texts}" for name, texts in left.items())
    assert {"service.ticket.solve", "workspace.user.set_roles", "protocols.protocol.plan_review"} <= opened
