"""What one writes is kept by itself, in every window; signed before it is sent; sent later, changed and taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import noonish
from tests.browser.filling import found
from tests.browser.hands import OWNER, ask, press
from tests.chromium import PHONE

pytestmark = pytest.mark.mail
ANSWER = "Write an answer"


@pytest.fixture
def talk(owner, shop):
    """A conversation of its own in which a customer waits, and nothing is begun."""
    for draft in ask(owner.context, "GET", "/api/drafts")["rows"]:
        ask(owner.context, "POST", f"/api/drafts/{draft['id']}/archive")
    ask(owner.context, "POST", "/api/signatures", {"text": ""})
    return shop.filled.question


def box(page: Page):
    """Where an answer is written."""
    return page.get_by_role("textbox", name=ANSWER)


def typed(page: Page, text: str) -> None:
    """Write, and wait until it is kept."""
    box(page).fill(text)
    expect(page.get_by_text("Draft kept")).to_have_count(1)  # a phone has no room to show it


def test_what_is_written_is_there_in_another_window_and_after_a_crash(owner, talk, browser, house, shop):
    owner.goto(f"/inbox/{talk}?box=waiting")
    typed(owner, "The spring tea comes")
    expect(owner.get_by_role("region", name="Conversations").get_by_text("Draft", exact=True)).to_be_visible()
    other = browser.new_context(base_url=house.url, storage_state=shop.state, timezone_id=noonish())
    page = other.new_page()
    page.goto(f"/inbox/{talk}")
    expect(box(page)).to_have_value("The spring tea comes")
    typed(owner, "The spring tea comes on Monday")
    expect(box(page)).to_have_value("The spring tea comes on Monday")  # the live stream told it
    other.close()
    owner.goto("/inbox?box=drafts")
    owner.get_by_role("button", name=re.compile("The spring tea comes on Monday")).click()
    expect(box(owner)).to_have_value("The spring tea comes on Monday")


def test_two_windows_ask_which_of_the_two_goes_on(owner, talk):
    owner.goto(f"/inbox/{talk}")
    typed(owner, "One")
    kept = ask(owner.context, "GET", "/api/drafts")["rows"][0]
    owner.route("**/api/drafts/*/content", lambda route: route.abort())
    box(owner).fill("Mine")
    expect(owner.get_by_text("Not kept yet; trying again")).to_be_visible()
    ask(owner.context, "PUT", f"/api/drafts/{kept['id']}/content", {"text": "Of the other window"})
    owner.unroute("**/api/drafts/*/content")
    box(owner).fill("Mine, longer")
    expect(owner.get_by_role("alert").get_by_text("changed or sent in another window")).to_be_visible()
    expect(owner.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    press(owner, "Keep this one")
    expect(owner.get_by_text("Draft kept")).to_be_visible()
    assert ask(owner.context, "GET", f"/api/drafts/{kept['id']}")["text"] == "Mine, longer"


def test_thrown_away_by_mistake_it_comes_back(owner, talk):
    owner.goto(f"/inbox/{talk}")
    typed(owner, "Never mind")
    press(owner, "Throw the draft away")
    expect(box(owner)).to_have_value("")
    press(owner, "Undo")
    expect(box(owner)).to_have_value("Never mind")


def test_others_see_that_somebody_writes(owner, talk, browser, house):
    owner.goto(f"/inbox/{talk}")
    other = browser.new_context(base_url=house.url)
    ask(other, "POST", "/api/sign-in", {"email": "zhao@leedstea.test", "password": OWNER["password"]})
    ask(other, "POST", "/api/drafts", {"conversation": talk, "text": "No one reads this"})
    other.close()
    expect(owner.get_by_text("赵敏 is writing an answer")).to_be_visible()
    expect(owner.get_by_text("No one reads this")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_signed_sent_tomorrow_and_called_back_it_can_be_written_on(owner, talk, phone):
    if phone:
        owner.set_viewport_size(PHONE)
    owner.goto("/inbox")
    owner.get_by_role("button", name=re.compile("language, appearance, sign out$")).click()
    owner.get_by_role("menuitem", name="My signature").click()
    owner.get_by_role("dialog").get_by_role("textbox").fill("{{ sender.name }}\nTea House")
    press(owner.get_by_role("dialog"), "Change my signature")
    expect(owner.get_by_text("Signature kept")).to_be_visible()
    owner.goto(f"/inbox/{talk}")
    typed(owner, "It comes on Monday")
    signature = owner.get_by_role("textbox", name="Signature")
    expect(signature).to_have_value("Ann Lee\nTea House")
    signature.fill("Ann")
    owner.get_by_role("button", name="Send later").click()
    owner.get_by_role("menuitem", name=re.compile("^Tomorrow")).click()
    thread = owner.get_by_role("log", name="Messages")
    expect(thread.get_by_text(re.compile("^Leaves .*09:00"))).to_be_visible()
    press(thread, "Change the time")
    expect(owner.get_by_role("dialog").get_by_text("Leaves at")).to_be_visible()
    owner.keyboard.press("Escape")
    press(thread, "Take back")
    expect(box(owner)).to_have_value("It comes on Monday")
    expect(signature).to_have_value("Ann")


def test_a_letter_that_was_begun_lies_among_the_drafts(owner, shop, talk):
    owner.goto(f"/customers/{found(owner.context, 'customers', '陈静')}")
    press(owner, "Write")
    dialog = owner.get_by_role("dialog")
    dialog.get_by_label("Subject").fill("Opening hours")
    dialog.get_by_role("textbox", name="Text").fill("We are open on Sunday.")
    expect(dialog.get_by_text("Draft kept")).to_be_visible()
    owner.keyboard.press("Escape")
    owner.goto("/inbox?box=drafts")
    owner.get_by_role("button", name=re.compile("Opening hours")).click()
    expect(dialog.get_by_role("textbox", name="Text")).to_have_value("We are open on Sunday.")
    press(dialog, "Send")
    expect(owner.get_by_role("log", name="Messages").get_by_text("We are open on Sunday.")).to_be_visible()
    owner.goto("/inbox?box=drafts")
    expect(owner.get_by_text("No drafts")).to_be_visible()


def test_a_file_is_dropped_or_chosen_left_out_and_goes_with_the_answer(owner, talk, tmp_path):
    owner.goto(f"/inbox/{talk}")
    expect(box(owner)).to_be_visible()
    prices = tmp_path / "prices.pdf"
    prices.write_bytes(b"%PDF-1.7 " + b"x" * 3_000_000)
    owner.locator("input[type=file]").set_input_files([prices, prices])
    files = owner.get_by_role("list", name="Files")
    expect(files.get_by_text("prices.pdf")).to_have_count(2)
    files.get_by_role("button", name="Leave out prices.pdf").first.click()
    expect(files.get_by_text("2.9 MB")).to_have_count(1)
    typed(owner, "Here are the prices.")
    press(owner, "Send")
    thread = owner.get_by_role("log", name="Messages")
    expect(thread.get_by_role("link", name="prices.pdf")).to_be_visible()
    thread.get_by_role("button", name="Send prices.pdf on in a new letter").click()
    letter = owner.get_by_role("dialog")
    expect(letter.get_by_role("list", name="Files").get_by_text("prices.pdf")).to_be_visible()
    expect(letter.get_by_label("Subject")).to_have_value(re.compile("^Fwd: "))
