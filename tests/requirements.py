"""What a test may need of the machine, and how to get it; a missing thing is a skip by name, or a failure in CI."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser that the browser tests drive."""
    return os.environ.get("GUANXI_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def dovecot() -> str | None:
    """The IMAP server that the mail tests read from."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def postfix() -> str | None:
    """The SMTP server that letters leave by for real; nobody but root may start one."""
    found = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin:/usr/local/sbin")
    return found if os.geteuid() == 0 else None


def pgbouncer() -> str | None:
    """The pooler that stands before the database of several hosts."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


def spark() -> str | None:
    """The distributed engine on which figures are computed that one machine is too small for."""
    return shutil.which("java") if find_spec("pyspark") else None


def data() -> str | None:
    """The folder of real data sets."""
    named = os.environ.get("GUANXI_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    return str(folder) if folder.is_dir() else None


@dataclass(frozen=True)
class Requirement:
    """One thing that not every machine has."""

    found: Callable[[], str | None]
    how: str


REQUIREMENTS = {
    "browser": Requirement(chromium, "no Chromium: `apt-get install chromium`, or name one in GUANXI_CHROMIUM"),
    "mail": Requirement(dovecot, "no dovecot: `apt-get install dovecot-imapd`"),
    "postfix": Requirement(postfix, "no postfix that may be started: `apt-get install postfix`, and run this as root"),
    "pooler": Requirement(pgbouncer, "no PgBouncer: `apt-get install pgbouncer`"),
    "spark": Requirement(spark, "no Spark: `pip install pyspark` and `apt-get install openjdk-17-jre-headless`"),
    "data": Requirement(data, "no real data: put it into ../shared/data, or name their folder in GUANXI_DATA"),
}


def required() -> set[str]:
    """What must not be missing in this run: GUANXI_REQUIRE=browser,mail,postfix,pooler,data."""
    return {word.strip() for word in os.environ.get("GUANXI_REQUIRE", "").split(",") if word.strip()}
