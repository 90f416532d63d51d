"""Who got a copy is seen, and whoever answers reaches all of them: by keyboard at a desk and on a phone."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.browser.filling import SUPPORT
from tests.browser.hands import ask
from tests.channels.email.samples import ZH, multipart
from tests.chromium import DESK, PHONE
from tests.house import until

pytestmark = pytest.mark.mail
BOB = "bob@customers.test"


@pytest.fixture(scope="module")
def talk(shop, mail_system, browser, house) -> str:
    """A conversation that began with a letter to us and to others, with an invitation in it."""
    event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:看样品\r\nDTSTART:20260105T020000Z\r\nEND:VEVENT\r\n"
    letter = multipart(
        ("Content-Type: text/plain; charset=gb2312", ZH.encode("gb18030")),
        ("Content-Type: text/calendar; charset=utf-8; method=REQUEST", event.encode()),
        To=f"{SUPPORT}, Ann <ann@customers.test>", Cc=f"Bob <{BOB}>", Subject="Three of us",
        Message_ID="<three@customers.test>",
    )  # fmt: skip
    mail_system.deliver(letter, to=SUPPORT)
    context = browser.new_context(base_url=house.url, storage_state=shop.state)

    def came() -> str | None:
        rows = ask(context, "GET", "/api/conversations?q=Three")["rows"]
        return rows[0]["id"] if rows else None

    found = until(came, seconds=60, what="the letter coming in")
    context.close()
    return found


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_reply_to_all_by_keyboard(owner, talk, window, language):
    ask(owner.context, "PATCH", "/api/me", {"language": language})
    owner.set_viewport_size(window)
    owner.goto(f"/inbox/{talk}")
    shown = {"en": "Copies to bob@customers.test", "zh-Hans": "抄送：bob@customers.test"}[language]
    expect(owner.get_by_text(shown).first).to_be_visible()
    all_of_them = owner.get_by_role("button", name={"en": "Reply to all", "zh-Hans": "回复全部"}[language])
    all_of_them.focus()
    owner.keyboard.press("Enter")
    copies = owner.get_by_role("combobox", name={"en": "Copies to", "zh-Hans": "抄送"}[language])
    expect(owner.get_by_title("ann@customers.test")).to_be_visible()
    copies.focus()
    owner.keyboard.type("carol@customers.test,")
    expect(owner.get_by_title("carol@customers.test")).to_be_visible()
    if place := os.environ.get("GUANXI_PICTURES"):
        owner.screenshot(path=f"{place}/copies-{language}-{window['width']}.png")
    copies.press("Backspace")
    expect(owner.get_by_title("carol@customers.test")).to_have_count(0)
    box = owner.get_by_role("textbox", name=re.compile("Write an answer|写回复|回复"))
    box.fill(f"To all of you {language} {window['width']}")
    owner.keyboard.press("ControlOrMeta+Enter")
    thread = owner.get_by_role("log")
    expect(thread.get_by_text(f"To all of you {language} {window['width']}")).to_be_visible()
    expect(thread.get_by_text(re.compile("ann@customers.test, bob@customers.test")).last).to_be_visible()
    sent = ask(owner.context, "GET", "/api/deliveries?limit=10")["rows"]
    assert {BOB, "ann@customers.test"} <= {row["recipient"] for row in sent}
