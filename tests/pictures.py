"""`python -m tests.pictures`: every page of a filled house, in both sizes, three languages, light and dark."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PageError
from playwright.sync_api import TimeoutError as Late

from tests.chromium import DESK, PHONE, launched
from tests.house import living, until
from tests.moments import WAITING, Moment, late, moments
from tests.requirements import CHECKOUT, chromium

SIZES = {"desk": DESK, "phone": PHONE}
LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}
THEMES = ("light", "dark")
LISTS = ("customers", "orders", "products", "tickets", "strategies", "segments", "templates", "todos", "imports",
         "users", "teams", "roles", "mailboxes", "tokens", "conversations", "ticket_rules", "shares", "contacts",
         "consents", "holds", "gaps", "journeys", "ratings", "clauses")  # fmt: skip
README = {"today": "light", "conversation": "light", "customer": "light", "protocol": "light", "strategy": "dark"}
COMPLAINT = '{"field":"kind","op":"is","value":"complaint"}'
ANSWERED = '{"field":"messages","op":"gte","value":3}'
CLASSES = '{"field":"kind","op":"is","value":"partition"}'
SENT = '{"field":"status","op":"is","value":"sent"}'
MOST_BYTES = 250_000
FILLED_SECONDS = 600
PATIENCE = 5_000  # milliseconds
LATE = 6_000  # until a page has given up on a house that does not answer
STILL = 6  # looks in a row that show the same; clocks tick in minutes or are given up on


def arguments() -> argparse.Namespace:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--url", help="a running, filled house; without it one is started and filled")
    parser.add_argument("--email")
    parser.add_argument("--password")
    parser.add_argument("--readme", action="store_true", help="only the handful for docs/pictures")
    parser.add_argument("--only", default="", help="only pictures whose file name contains this")
    parser.add_argument("--into", type=Path, default=CHECKOUT / "pictures", help="the folder they go to")
    return parser.parse_args()


@contextmanager
def seen(browser: Browser, url: str, state: Any, language: str, theme: str, size: str) -> Iterator[Page]:
    """A page in which a signed-in person sees the house in one dress."""
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=theme, locale=LOCALES[language], storage_state=state, base_url=url,
        timezone_id="Asia/Shanghai", reduced_motion="reduce",
    )  # fmt: skip
    context.add_init_script(f"localStorage.setItem('guanxi.theme', '\"{theme}\"')")
    call(context, "PATCH", "/api/me", {"language": language, "theme": theme})
    yield context.new_page()
    context.close()


def call(context: BrowserContext, method: str, path: str, data: Any = None) -> Any:
    """Ask the house something as the person who is signed in."""
    origin = context.request
    answer = origin.fetch(path, method=method, data=data, headers={"X-Guanxi": "1"})
    assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:300]}"
    return answer.json()


def sign_in(browser: Browser, url: str, email: str, password: str) -> Any:
    """The cookies of somebody who signed in."""
    context = browser.new_context(base_url=url)
    call(context, "POST", "/api/sign-in", {"email": email, "password": password})
    state = context.storage_state()
    context.close()
    return state


def first(context: BrowserContext, path: str) -> str:
    """The id of the first row of a list."""
    rows = call(context, "GET", path)["rows"]
    return rows[0]["id"] if rows else ""


def telling(context: BrowserContext, plural: str, where: str) -> str:
    """The id of the first row of a kind of which there is more to see, else of any."""
    return first(context, f"/api/{plural}?limit=1&where={where}") or first(context, f"/api/{plural}?limit=1")


def best(context: BrowserContext) -> str:
    """The customer about whom there is most to see: one who complained."""
    rows = call(context, "GET", f"/api/tickets?limit=1&where={COMPLAINT}")["rows"]
    return rows[0]["customer"]["id"] if rows else first(context, "/api/customers?limit=1")


def pages(context: BrowserContext) -> dict[str, str]:
    """Every page of the house by its name; records stand for their kind."""
    found = {
        "today": "/",
        "inbox": "/inbox",
        "drafts": "/inbox?box=drafts",
        "conversation": f"/inbox/{telling(context, 'conversations', ANSWERED)}",
        "customer": f"/customers/{best(context)}",
        "ticket": f"/tickets/{telling(context, 'tickets', COMPLAINT)}",
        "order": f"/orders/{first(context, '/api/orders?limit=1')}",
        "segment": f"/segments/{first(context, '/api/segments?limit=1')}",
        "segment-classes": f"/segments/{telling(context, 'segments', CLASSES)}",
        "segment-new": "/segments/new",
        "strategy": f"/strategies/{telling(context, 'strategies', SENT)}",
        "strategy-new": "/strategies/new",
        "letter-new": "/templates/new",
        "effects": "/effects",
        "template": f"/templates/{first(context, '/api/templates?limit=1')}",
        "protocol": "/protocol",
        "figures": "/figures",
        "figure": "/figures/service.complaint.first_reply",
        "import": "/import",
        "import-run": f"/imports/{first(context, '/api/imports?limit=1')}",
        "mirror": "/mirror",
        "settings": "/settings",
        "rules": "/settings/rules",
        "office_hours": "/settings/office_hours",
        "holidays": "/settings/holidays",
        "fields": "/settings/fields",
        "user": f"/users/{first(context, '/api/users?limit=1')}",
        "mailbox": f"/mailboxes/{first(context, '/api/mailboxes?limit=1')}",
        "product": f"/products/{first(context, '/api/products?limit=1')}",
        "todo": f"/todos/{first(context, '/api/todos?limit=1')}",
        "team": f"/teams/{first(context, '/api/teams?limit=1')}",
        "token": f"/tokens/{first(context, '/api/tokens?limit=1')}",
        "clause": f"/clauses/{first(context, '/api/clauses?limit=1')}",
        "role": f"/roles/{first(context, '/api/roles?limit=1')}",
        "nothing": "/nowhere/at/all",
        **{f"list-{plural}": f"/{plural}" for plural in LISTS},
    }
    return {name: path for name, path in found.items() if not path.endswith("/") or path == "/"}


def settled(page: Page) -> None:
    """Wait until a page shows what it has to show."""
    page.locator("main").first.wait_for()
    try:
        page.wait_for_function(
            "() => !document.querySelector('[data-skeleton], [aria-busy=\"true\"], .ant-spin-spinning')", timeout=8_000
        )
    except Late:
        sys.stderr.write(f"still busy: {page.url}\n")
    still, before = 0, ""
    for _ in range(50):
        if still == STILL:
            break
        now = page.evaluate("() => document.fonts.ready.then(() => document.querySelector('main').innerText)")
        still, before = (still + 1 if now == before else 0), now
        page.wait_for_timeout(100)


def take(page: Page, path: str, target: Path) -> None:
    """One picture of one page."""
    try:
        page.goto(path, wait_until="domcontentloaded")
    except PageError as error:
        sys.stderr.write(f"{path}: {error.message.splitlines()[0]}\n")
    settled(page)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, animations="disabled")


def fresh(context: BrowserContext) -> Page:
    """A page that nobody waits long for: what is not there is not there in this language or size."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def take_moment(page: Page, moment: Moment, target: Path) -> None:
    """One picture of what a page shows when something was done there, or went wrong."""
    if moment.answer:
        page.route(moment.asks, moment.answer)
    try:
        page.goto(moment.path, wait_until="domcontentloaded")
        if moment.asks == "**/api/**" or moment.answer is late:
            page.wait_for_timeout(LATE)
        else:
            settled(page)
        if moment.act:
            moment.act(page)
    except PageError as error:
        sys.stderr.write(f"{target.stem}: {error.message.splitlines()[0]}\n")
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, animations="disabled")
    while WAITING:
        WAITING.pop().abort()
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def every(browser: Browser, url: str, state: Any, only: str, into: Path) -> int:
    """All pages and moments in all dresses, into a folder."""
    count = 0
    for language, theme, size in product(LOCALES, THEMES, SIZES):
        dress = f"{language}.{theme}.{size}.png"
        with seen(browser, url, state, language, theme, size) as page:
            for name, path in pages(page.context).items():
                if only in f"{name}.{dress}":
                    take(page, path, into / f"{name}.{dress}")
                    count += 1
            for name, moment in moments(best(page.context)).items():
                if only in f"at-{name}.{dress}":
                    take_moment(fresh(page.context), moment, into / f"at-{name}.{dress}")
                    count += 1
    return count


def handful(browser: Browser, url: str, state: Any) -> int:
    """The few of the README, small enough to be kept with the source."""
    for name, theme in README.items():
        with seen(browser, url, state, "en", theme, "desk") as page:
            target = CHECKOUT / "docs" / "pictures" / f"{name}.png"
            take(page, pages(page.context)[name], target)
            assert target.stat().st_size <= MOST_BYTES, f"{target.name} has {target.stat().st_size} bytes"
    return len(README)


def filled(url: str, browser: Browser, state: Any) -> None:
    """Wait until the sample company says that it has its year behind it."""
    context = browser.new_context(base_url=url, storage_state=state)

    def full() -> bool:
        told = call(context, "GET", "/api/sample")
        return 0 < told["of"] == told["lived"]

    until(full, seconds=FILLED_SECONDS, what="filling the sample company")
    context.close()


def main() -> int:
    """Take the pictures."""
    asked = arguments()
    if not chromium():
        sys.stderr.write("Taking pictures needs Chromium; name one in GUANXI_CHROMIUM.\n")
        return 1
    with ExitStack() as stack:
        browser = stack.enter_context(launched())
        if asked.url:
            url, email, password = asked.url, asked.email, asked.password
            state = sign_in(browser, url, email, password)
        else:
            house = stack.enter_context(living(DEMO="1"))
            url = house.url
            state = sign_in(browser, url, *house.credentials())
            filled(url, browser, state)
        count = handful(browser, url, state) if asked.readme else every(browser, url, state, asked.only, asked.into)
    sys.stdout.write(f"{count} pictures\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
