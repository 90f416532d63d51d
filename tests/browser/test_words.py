"""Nothing on a Chinese page is left in English, and no page is wider than its screen, whatever the language."""

import re

import pytest

from tests.browser.hands import OWNER, ask
from tests.pictures import SIZES, pages, settled

pytestmark = pytest.mark.mail
# What people typed, and what is written in Latin letters in any language.
SPELLED = re.compile(
    r"\S+@\S+|\S*\.csv|\{\{.*?\}\}|[\w.-]+\.test|"
    rf"{OWNER['name']}|AL|English|Guanxi|localhost|INBOX|Sent|"
    r"owner|manager|agent|seller|marketer|analyst|"
    r"CSV|TSV|gz|Ctrl|Enter|Esc|IMAP|SMTP|TLS|PEM|UTF-8|CNY|[A-Z][a-z]+/[A-Z]\w+|T\d+|K"
)
CHINESE, MESSAGE_ID = re.compile(r"[\u3400-\u9fff]"), re.compile(r"\b[a-z_]+\.[a-z_]+\.")
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
    const { overflowX, textOverflow } = getComputedStyle(element);
    return overflowX === "hidden" && textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1
      && !element.closest(".visually-hidden, .ant-select, [role=grid], [unselectable=on]") && element.checkVisibility();
  });
  return [...(wide ? ["the page"] : []), ...cut.map((element) => element.outerHTML.slice(0, 120))];
}"""


def foreign(texts: list[str]) -> list[str]:
    """What is Latin only, once what is spelled so anywhere is left out; and message ids without words."""
    left = [text for text in texts if re.search(r"[A-Za-z]", SPELLED.sub("", text))]
    return [
        text for text in left if not re.search(r"[\u3400-\u9fff]", text) or re.search(r"\b[a-z_]+\.[a-z_]+\.", text)
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("客户", []), ("Customers", ["Customers"]), ("ui.place.today", ["ui.place.today"]), ("CNY", []),
        ("写信给 zhang@customers.test", []), ("客户 ui.place.today", ["客户 ui.place.today"]),
    ],
)  # fmt: skip
def test_what_is_foreign_is_known(text, left):
    assert foreign([text]) == left


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_page_says_where_one_is_in_its_language_and_fits_its_screen(owner, language):
    ask(owner.context, "PATCH", "/api/me", {"language": language})
    found: dict[str, list[str]] = {}
    for name, path in pages(owner.context).items():
        owner.goto(path)
        settled(owner)
        left = foreign(owner.evaluate(TEXTS)) if language != "en" else []
        titled = re.match(r"(?!ui\.)\S.* · Guanxi$", owner.title())
        wide = []
        for size, viewport in SIZES.items():
            owner.set_viewport_size(viewport)
            owner.evaluate(DRAWN)
            wide += [f"{size}: {element}" for element in owner.evaluate(WIDER)]
        if wrong := [*left, *wide, *([] if titled else [owner.title()])]:
            found[name] = wrong
        owner.set_viewport_size(SIZES["desk"])
    assert found == {}, found
