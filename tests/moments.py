"""What a page shows only after a hand has moved, or when an answer is empty, late or fails: taken, too."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern

from playwright.sync_api import Page, Route

ROWS = """姓名,手机,城市,邮箱,孩子1姓名,孩子1生日,孩子2姓名,Newsletter,VIP?
张三,13800138111,成都,zhangsan@demo.example,小明,2015-03-01,小红,yes,1
李四,12,重庆,not-an-address,,31.31.2020,,maybe,
,13900139222,,,,,,,
Jane Smith,+44 7700 900123,Leeds,jane@demo.example,Tom,2012-01-01,,no,x
"""
PROMISES = """1. 电话 Telephone
来电须在铃响 4 声内接听。Every call is picked up within four rings.

2. 投诉 Complaints
客户投诉，2 个工作日内由专人回复，达标率不低于 95%。A person answers a complaint within 24 hours, in 95% of cases.
"""
COLUMNS = ["name", "kind", "revenue", "orders_count", "last_order_on", "rfm_class", "birthday", "language", "note"]
MOVED = 700  # milliseconds after which what a click opens stands still
READ = 3_000  # a small file, looked at or tried


WAITING: list[Route] = []
"""What was asked and is never answered, to be given up when the picture is taken."""


@dataclass(frozen=True)
class Moment:
    """Where it is, what one does there, and how the house answers to what it asks for there."""

    path: str
    act: Callable[[Page], None] | None = None
    asks: str | Pattern[str] = ""
    answer: Callable[[Route], None] | None = None


def failing(route: Route) -> None:
    """The house made a mistake."""
    route.fulfill(status=500, json={"code": "request.failed", "message": "", "values": {}, "fields": {}})


def empty(route: Route) -> None:
    """There is nothing yet."""
    route.fulfill(json={"rows": [], "next": None, "count": {"n": 0, "exact": True}})


def late(route: Route) -> None:
    """The house takes its time."""
    WAITING.append(route)


def nobody(route: Route) -> None:
    """Somebody is at the door, whom nobody knows."""
    if route.request.url.endswith("/start"):
        return route.continue_()
    return route.fulfill(status=401, json={"code": "session.missing", "message": "", "values": {}, "fields": {}})


def uninhabited(route: Route) -> None:
    """The house stands empty, and somebody is at the door."""
    if not route.request.url.endswith("/start"):
        return nobody(route)
    told = route.fetch()
    return route.fulfill(response=told, json={**told.json(), "first_run": True, "company": None})


def drafted(route: Route) -> None:
    """What stands in the protocol is a draft."""
    told = route.fetch()
    page = told.json()
    drafts = [one | {"status": "draft"} for one in page["versions"]]
    route.fulfill(response=told, json={**page, "version": page["version"] | {"status": "draft"}, "versions": drafts})


def press(selector: str, nth: int = 0) -> Callable[[Page], None]:
    """Click what is drawn like this, in whatever language."""

    def act(page: Page) -> None:
        page.locator(selector).nth(nth).click()
        page.wait_for_timeout(MOVED)

    return act


def icon(name: str) -> str:
    """A button of the page that carries this icon."""
    return f"main button:has(svg.lucide-{name})"


def then(*acts: Callable[[Page], None]) -> Callable[[Page], None]:
    """One after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def typed(selector: str, text: str) -> Callable[[Page], None]:
    """Write into the first such field."""

    def act(page: Page) -> None:
        page.locator(selector).first.fill(text)
        page.wait_for_timeout(MOVED)

    return act


def file_given(page: Page) -> None:
    """Give the import a file with what is right, wrong and unknown in it."""
    given = {"name": "客户 customers.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.locator("input[type=file]").set_input_files([given])
    page.wait_for_timeout(READ)


def file_tried(page: Page) -> None:
    """Have its rows tried."""
    file_given(page)
    page.locator("main .ant-btn-primary").last.click()
    page.wait_for_timeout(READ)


def searched(page: Page) -> None:
    """Look for somebody from anywhere."""
    page.keyboard.press("Control+k")
    page.wait_for_timeout(MOVED)
    page.keyboard.type("zhang")
    page.wait_for_timeout(2 * MOVED)


def ticked(page: Page) -> None:
    """Choose some rows; a phone is told first that one chooses."""
    if page.locator("main [role=grid]").count() == 0:
        press("main button[aria-pressed]")(page)
    for nth in (1, 2, 4):
        page.locator("main input[type=checkbox]").nth(nth).click()
    page.wait_for_timeout(MOVED)


def columns_chosen(page: Page) -> None:
    """Somebody chose other columns here before."""
    page.evaluate("kept => localStorage.setItem('guanxi.columns.customers', JSON.stringify(kept))", COLUMNS)
    page.reload()
    page.wait_for_timeout(READ)


def promises_read(page: Page) -> None:
    """Paste the protocol a company has, and see its clauses; a phone has it behind more."""
    page.locator("main button:has(svg.lucide-book-open) + button, main button:has(svg.lucide-ellipsis)").first.click()
    page.wait_for_timeout(MOVED)
    if page.locator(".ant-dropdown-menu-item").count():
        press(".ant-dropdown-menu-item")(page)
    typed(".ant-modal textarea", PROMISES)(page)
    press(".ant-modal .ant-btn-primary")(page)
    page.wait_for_timeout(READ)


MAIN = "main .ant-btn-primary"
SEND = ".ant-modal .ant-btn-primary"
DOOR = re.compile(r"/api/(me|start)$")
PROTOCOL = "**/api/protocols/*/page*"
DONE_BY_HAND = {
    "create": Moment("/customers", press(MAIN)),
    "create-refused": Moment("/customers", then(press(MAIN), press(SEND))),
    "filter": Moment("/customers", press(icon("list-filter"))),
    "field-new": Moment("/settings/fields", press(MAIN)),
    "field-refused": Moment("/settings/fields", then(press(MAIN), press(SEND))),
    "company-refused": Moment("/settings", then(typed("main input", ""), press(MAIN))),
    "holiday-refused": Moment("/settings/holidays", press(MAIN)),
    "office_hours-refused": Moment("/settings/office_hours", typed("main input", "25:99")),
    "mailbox-refused": Moment("/mailboxes", then(press(MAIN), press(SEND))),
    "token-new": Moment("/tokens", press(MAIN)),
    "strategy-refused": Moment("/strategies/new", press(MAIN)),
    "segment-condition": Moment("/segments/new", press(icon("plus"))),
    "segment-partition": Moment("/segments/new", press("main .ant-segmented-item", 1)),
    "import-mapping": Moment("/import", file_given),
    "import-tried": Moment("/import", file_tried),
    "paste": Moment("/import?noun=customers&paste=", typed("main textarea", ROWS.replace(",", "\t"))),
    "pasted": Moment(
        "/import?noun=customers&paste=",
        then(
            typed("main textarea", ROWS.replace(",", "\t")),
            press("main textarea ~ div .ant-btn"),
            lambda page: page.wait_for_timeout(READ),
        ),
    ),
    "bulk": Moment("/customers", ticked),
    "bulk-edit": Moment("/customers", then(ticked, press("main .ant-btn-sm.ant-btn-primary"))),
    "columns": Moment("/customers", press(icon("columns-3"))),
    "columns-chosen": Moment("/customers", columns_chosen),
    "sort": Moment("/customers", press(icon("arrow-up-down"))),
    "protocol-paste": Moment("/protocol", promises_read),
    "protocol-draft": Moment("/protocol", asks=PROTOCOL, answer=drafted),
    "clause": Moment("/protocol", press(icon("pencil"), 4), PROTOCOL, drafted),
    "clause-refused": Moment(
        "/protocol", then(press(icon("pencil"), 4), typed(".ant-modal textarea", ""), press(SEND)), PROTOCOL, drafted
    ),
    "sign-in": Moment("/", asks=DOOR, answer=nobody),
    "sign-in-refused": Moment("/", press(MAIN), DOOR, nobody),
    "first-run": Moment("/", asks=DOOR, answer=uninhabited),
    "first-run-refused": Moment("/", press(MAIN), DOOR, uninhabited),
    "handbook": Moment("/protocol", press(icon("book-open"))),
    "search": Moment("/", searched),
    "me": Moment("/", press("header button", -1)),
}


def moments(customer: str) -> dict[str, Moment]:
    """All of them by name."""
    record = f"/customers/{customer}"
    places = {
        "list": ("/customers", "**/api/customers?**"),
        "inbox": ("/inbox", "**/api/conversations?**"),
        "fields": ("/settings/fields", "**/api/custom_fields?**"),
        "today": ("/", "**/api/todos?**"),
    }
    parts = {
        **places,
        "record": (record, f"**/api{record}*"),
        "rules": ("/settings/rules", "**/api/settings"),
        "holidays": ("/settings/holidays", "**/api/calendar"),
        "protocol": ("/protocol", "**/api/protocols?**"),
    }
    return {
        **DONE_BY_HAND,
        "log": Moment(record, then(press(icon("phone")), press(".ant-dropdown-menu-item"))),
        "write": Moment(record, press(MAIN)),
        "history": Moment(record, press(icon("history"))),
        "peek": Moment(f"/customers?peek={customer}"),
        **{f"empty-{name}": Moment(path, asks=asks, answer=empty) for name, (path, asks) in places.items()},
        **{f"failed-{name}": Moment(path, asks=asks, answer=failing) for name, (path, asks) in parts.items()},
        **{f"late-{name}": Moment(path, asks=asks, answer=late) for name, (path, asks) in parts.items()},
        "offline": Moment("/", asks="**/api/**", answer=lambda route: route.abort()),
    }
