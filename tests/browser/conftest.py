"""The real program and a real browser; a house of its own for every file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.chromium import DESK, launched
from tests.house import CLIENT, House, living
from tests.mailserver import mail_server, mail_system

__all__ = ["mail_server", "mail_system"]
WAIT = 20_000  # milliseconds; two cores may be shared with the other tests
PLACES_OF_DAY = (
    "Pacific/Auckland", "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Asia/Dubai", "Europe/London",
    "America/New_York", "America/Los_Angeles", "Pacific/Honolulu",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes all of them: a house and a browser are not small."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def noonish() -> str:
    """A zone in which it is the middle of a working day, so that no quiet hour disturbs."""
    return min(PLACES_OF_DAY, key=lambda zone: abs(datetime.now(UTC).astimezone(ZoneInfo(zone)).hour - 13))


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


@pytest.fixture(scope="module")
def house(size: ViewportSize) -> Iterator[House]:
    """The program with an empty home, begun anew for each size."""
    if not CLIENT.exists():
        pytest.skip("browser: the client is not built: `scripts/client`")
    with living() as running:
        yield running


@pytest.fixture
def context(browser: Browser, house: House, size: ViewportSize) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with yet."""
    opened = browser.new_context(base_url=house.url, viewport=size, locale="en-GB", timezone_id=noonish())
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong unseen."""
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    assert not broken, broken
