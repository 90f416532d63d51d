"""What works: calls, how content customers were, one's own dates; by keyboard, on a desk and a phone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core import signing
from playwright.sync_api import Page, expect

from guanxi.channels.wire import personal
from tests.browser.conftest import noonish, watched
from tests.browser.dresses import in_both_dresses, violations
from tests.browser.filling import CUSTOMERS, bring, found, start_company
from tests.browser.hands import ask, choose, press
from tests.chromium import DESK, PHONE
from tests.house import until

NAME = "问候老客户"
SCORES = {"张伟": 5, "李秀英": 4, "王芳": 2}
WORDS = {
    "en": {
        "by_channel": "By channel", "phone": "Phone", "satisfied": "Satisfied", "n_of": "2 of 3", "own": "Own dates",
        "from": "From", "to": "To", "none": "No contacts in this period", "days_90": "90 days", "title": "What works",
    },
    "zh-Hans": {
        "by_channel": "按渠道", "phone": "电话", "satisfied": "满意", "n_of": "2 / 3", "own": "自选日期",
        "from": "开始日期", "to": "结束日期", "none": "这段时间没有联系", "days_90": "90 天", "title": "效果",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def state(browser, house):
    """The cookies of an owner whose team called four customers; three said how content they were."""
    opened = browser.new_context(base_url=house.url)
    start_company(opened, language="en", zone=noonish())
    bring(opened, "customers", "客户.csv", CUSTOMERS)
    everybody = {"field": "city", "op": "not_empty"}
    plan = {"name": NAME, "purpose": "service", "channels": ["phone"], "condition": everybody, "script": "茶好喝吗？"}
    strategy = ask(opened, "POST", "/api/strategies", plan)["id"]
    ask(opened, "POST", f"/api/strategies/{strategy}/send")
    to_call = "/api/todos?limit=50"
    until(lambda: len(ask(opened, "GET", to_call)["rows"]) >= 4, seconds=60, what="the to-dos")
    for name in ("张伟", "李秀英", "王芳", "刘洋"):
        call = {"customer": found(opened, "customers", name), "result": "reached", "text": "聊了春茶"}
        rated = {"rating": SCORES[name]} if name in SCORES else {}
        ask(opened, "POST", "/api/conversations/log_call", {**call, **rated})
    until(lambda: ask(opened, "GET", "/api/effects")["total"]["satisfied"]["of"] == 3, what="three ratings")
    kept = opened.storage_state()
    opened.close()
    return kept


@dataclass(frozen=True)
class Seen:
    """The page of the owner and the words of its language."""

    page: Page
    words: dict[str, str]

    def cell(self, column: str):
        """The figures of a column, of all rows."""
        return self.page.locator(f"[data-figure={column}]")

    def control(self, name: str):
        """One of the buttons that choose what is shown."""
        return self.page.get_by_role("main").get_by_text(self.words[name], exact=True)


@pytest.fixture(params=[(DESK, "en"), (PHONE, "zh-Hans"), (PHONE, "en"), (DESK, "zh-Hans")], ids=lambda p: str(p[1]))
def owner(request, browser, house, state):
    """The page of the owner, wide or narrow, in English or Chinese."""
    size, language = request.param
    opened = browser.new_context(base_url=house.url, viewport=size, locale="en-GB", storage_state=state)
    ask(opened, "PATCH", "/api/me", {"language": language})
    for page in watched(opened):
        yield Seen(page, WORDS[language])
    opened.close()


def test_how_content_they_were_stands_beside_and_opens_its_cases(owner: Seen):
    page = owner.page
    page.goto("/effects")
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    satisfied = owner.cell("satisfied")
    expect(satisfied).to_contain_text("66.7")
    expect(satisfied).to_contain_text(owner.words["n_of"])
    owner.control("by_channel").click()
    expect(page).to_have_url(re.compile("by=channel"))
    expect(page.locator("tbody th", has_text=owner.words["phone"])).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    satisfied.click()
    expect(page).to_have_url(re.compile("/figures/outreach/strategy/satisfied"))
    expect(page.get_by_role("main").get_by_text("66.7").first).to_be_visible()


def test_ones_own_dates_are_kept_in_the_address_and_go_with_the_figures(owner: Seen):
    page = owner.page
    page.goto("/effects")
    owner.control("own").click()
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to="))
    expect(owner.cell("contacted")).to_have_text("4")
    day = (datetime.now(UTC) - timedelta(days=9)).strftime("%Y-%m-%d")
    last = page.get_by_label(owner.words["to"], exact=True)
    last.click()
    last.fill(day)
    last.press("Enter")
    expect(page.get_by_text(owner.words["none"])).to_be_visible()
    expect(page).to_have_url(re.compile(f"to={day}"))
    page.reload()
    expect(page.get_by_label(owner.words["to"], exact=True)).to_have_value(day)
    expect(page.get_by_text(owner.words["none"])).to_be_visible()
    page.goto(f"/effects?from={day}&to={(datetime.now(UTC) + timedelta(days=1)).strftime('%Y-%m-%d')}")
    owner.cell("contacted").click()
    expect(page).to_have_url(re.compile("start=.*&end="))
    page.go_back()
    owner.control("days_90").click()
    expect(page).not_to_have_url(re.compile("from="))


def test_by_keyboard(owner: Seen):
    page = owner.page
    page.goto("/effects")
    satisfied = owner.cell("satisfied")
    expect(satisfied).to_be_visible()
    chosen = page.get_by_role("radiogroup").first.get_by_role("radio", checked=True)
    chosen.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("by=channel"))
    sort = page.get_by_role("button", name=owner.words["satisfied"], exact=True)
    if page.viewport_size == DESK:
        sort.focus()
        page.keyboard.press("Enter")
        expect(page.locator("th[aria-sort=descending]")).to_have_text(owner.words["satisfied"])
    satisfied.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/figures/outreach/strategy/satisfied"))


def test_nothing_on_it_is_in_anybodys_way(owner: Seen):
    owner.page.goto("/effects?from=2026-01-01&to=2027-12-31")
    expect(owner.page.get_by_role("link", name=NAME)).to_be_visible()
    assert in_both_dresses(owner.page, "effects") == {}


def test_a_call_is_noted_with_how_content_the_customer_was(browser, house, state):
    opened = browser.new_context(base_url=house.url, viewport=PHONE, locale="en-GB", storage_state=state)
    ask(opened, "PATCH", "/api/me", {"language": "en"})
    who = found(opened, "customers", "陈静")
    for page in watched(opened):
        page.goto(f"/customers/{who}")
        press(page, "Log a contact")
        page.get_by_role("menuitem", name="Log a call").click()
        dialog = page.get_by_role("dialog")
        choose(page, "Result", "no answer", dialog)
        dialog.get_by_label("What was said").fill("茶很好喝")
        choose(page, "How content were they? optional", "Very content", dialog)
        press(dialog, "Log a call")
        expect(dialog.get_by_text("Nobody was spoken to")).to_be_visible()
        choose(page, "Result", "reached", dialog)
        dialog.get_by_label("Duration optional").fill("a while")
        press(dialog, "Log a call")
        expect(dialog.get_by_text("Write minutes and seconds, such as 12:30")).to_be_visible()
        dialog.get_by_label("Duration optional").fill("12:30")
        press(dialog, "Log a call")
        expect(dialog).to_be_hidden()
        expect(page.get_by_text("Rated us 5 of 5").first).to_be_visible()
        expect(page.get_by_text("Phone: reached, “茶很好喝”").first).to_be_visible()
    by_phone = (
        f'{{"and":[{{"field":"customer","op":"is","value":"{who}"}},{{"field":"channel","op":"is","value":"phone"}}]}}'
    )
    newest = ask(opened, "GET", f"/api/messages?limit=1&sort=-at&where={by_phone}")["rows"][0]
    assert (newest["text"], newest["duration_seconds"]) == ("茶很好喝", 750)
    opened.close()


def test_a_customer_rates_a_letter_by_its_link(browser, house, state):
    opened = browser.new_context(base_url=house.url, storage_state=state)
    letter = {
        "name": "茶好喝吗", "channel": "email", "purpose": "service", "subject_zh_hans": "茶好喝吗",
        "body_zh_hans": "请告诉我们：{{ rating_url }}", "subject_en": "Tea", "body_en": "Say: {{ rating_url }}",
    }  # fmt: skip
    template = ask(opened, "POST", "/api/templates", letter)["id"]
    who = found(opened, "customers", "陈静")
    talk = ask(opened, "POST", "/api/conversations/send_letter", {"customer": who, "template": template})["id"]
    theirs = {"field": "conversation", "op": "is", "value": talk}
    rows = ask(opened, "GET", "/api/messages?limit=50&where=" + str(theirs).replace("'", '"'))["rows"]
    assert "/api/rate/personal\n" in rows[0]["text"]  # the letter that left alone has the link
    key = (house.home / "key").read_text().split()[0]
    address = f"/api/rate/{signing.TimestampSigner(key=key, salt=personal.salt('rate')).sign(UUID(rows[0]['id']).hex)}"
    stranger = browser.new_context(base_url=house.url, viewport=PHONE, locale="zh-CN", color_scheme="dark")
    for page in watched(stranger):
        page.goto(address)
        assert violations(page) == []
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("很好喝")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("Thank you|谢谢"))).to_be_visible()
    rating = ask(opened, "GET", "/api/ratings?limit=50&where=" + str(theirs).replace("'", '"'))["rows"][0]
    assert (rating["words"], rating["came_by"]) == ("很好喝", "link")
    stranger.close()
    opened.close()
