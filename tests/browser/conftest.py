"""The real program and a real browser; a house of its own for every file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from guanxi.lib.holidays import Workdays
from guanxi.lib.zones import country_of
from tests.browser.filling import Filled, fill
from tests.browser.hands import ask
from tests.chromium import DESK, launched
from tests.house import CLIENT, House, copied, living
from tests.mailserver import MailServer, mail_server, mail_system

__all__ = ["mail_server", "mail_system"]
WAIT = 20_000  # milliseconds; two cores may be shared with the other tests
PLACES_OF_DAY = (
    "Pacific/Auckland", "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Asia/Dubai", "Europe/London",
    "America/New_York", "America/Los_Angeles", "Pacific/Honolulu",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups, wherever this file was read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes all of them: a house and a browser are not small."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@cache
def noonish() -> str:
    """A zone in which it is the middle of a day and no holiday, so that nothing has to wait."""
    times = {zone: datetime.now(UTC).astimezone(ZoneInfo(zone)) for zone in PLACES_OF_DAY}
    open_ones = [zone for zone, at in times.items() if not Workdays(country=country_of(zone)).holiday(at.date())]
    return min(open_ones, key=lambda zone: abs(times[zone].hour - 13))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    expect.set_options(timeout=WAIT)
    with launched() as running:
        yield running


@pytest.fixture(scope="module")
def size() -> ViewportSize:
    """How large the window is; a file whose story is told in several sizes says so with a fixture of this name."""
    return DESK


def asks_for_the_shop(request: pytest.FixtureRequest) -> bool:
    """Whether a test of this file asks for the shop."""
    return any("shop" in one.fixturenames for one in request.session.items if one.path == request.path)


@pytest.fixture(scope="module")
def house(size: ViewportSize, request: pytest.FixtureRequest) -> Iterator[House]:
    """The program, begun anew for each size: with an empty home, or with that of the shop."""
    if not CLIENT.exists():
        pytest.skip("browser: the client is not built: `scripts/client`")
    like = None
    if asks_for_the_shop(request):
        like = request.getfixturevalue("built").home
        request.getfixturevalue("mail_system").empty()  # its mailbox would fetch what another file left there
    with living(like) as running:
        yield running


@pytest.fixture
def context(browser: Browser, house: House, size: ViewportSize) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with yet."""
    opened = browser.new_context(base_url=house.url, viewport=size, locale="en-GB", timezone_id=noonish())
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong unseen."""
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    assert not broken, broken


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The page of somebody nobody knows yet."""
    yield from watched(context)


@dataclass(frozen=True)
class Shop:
    """A tea shop, the cookies of its owner, and the home in which it stands."""

    filled: Filled
    state: Any
    home: Path


@pytest.fixture(scope="session")
def built(browser: Browser, mail_system: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop as every file finds it: filled once, and shut."""
    mail_system.empty()
    home = tmp_path_factory.mktemp("shop") / "home"
    with living() as house:
        opened = browser.new_context(base_url=house.url)
        filled = fill(opened, mail_system, language="zh-Hans", zone=noonish())
        ask(opened, "PATCH", "/api/me", {"language": "en"})
        state = opened.storage_state()
        opened.close()
        house.end()
        copied(house.home, home)
    return Shop(filled, state, home)


@pytest.fixture(scope="module")
def shop(house: House, built: Shop) -> Shop:
    """Everything that a page can show; ask for it only in tests marked `mail`."""
    return built


@pytest.fixture
def owner(browser: Browser, house: House, shop: Shop) -> Iterator[Page]:
    """The page of the shop's owner, signed in, at a desk, in English."""
    opened = browser.new_context(
        base_url=house.url, viewport=DESK, locale="en-GB", timezone_id=noonish(), storage_state=shop.state
    )
    opened.set_default_timeout(WAIT)
    ask(opened, "PATCH", "/api/me", {"language": "en", "theme": "system"})
    yield from watched(opened)
    opened.close()
