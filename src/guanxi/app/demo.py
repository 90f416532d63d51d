"""The sample company of a first start: an owner to sign in as, and the year that is filled in behind the page."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from guanxi.kernel.words import spoken
from guanxi.simulation.firm.queries import so_far
from guanxi.workspace.company.operations import first_run
from guanxi.workspace.users.models import User

EMAIL = "demo@minjiang.example"


def prepare() -> None:
    """Set up the sample company where nobody is set up yet, unless DEMO=0 forbids it."""
    if not settings.DEMO or User.objects.exists():
        return
    password = secrets.token_urlsafe(9)
    _keep(password)
    language = spoken(os.environ.get("LANG", "en").partition(".")[0])
    first_run(
        company="岷江茶舍 Minjiang Tea House",
        language=language,
        zone="Asia/Shanghai",
        currency="CNY",
        line_of_work="shop",
        name="周明 Zhou Ming",
        email=EMAIL,
        password=password,
        sample=True,
    )


def sentence() -> str:
    """How to sign in to the sample company; nothing once somebody works here for real."""
    file = _file()
    if not file.exists() or not User.objects.filter(email=EMAIL, archived_at=None).exists():
        return ""
    filling = " Its year fills in over the next minutes; every page says how far it is." if so_far().filling else ""
    return f" Sign in to the sample company as {EMAIL}, password {file.read_text('ascii')}.{filling}"


def _keep(password: str) -> None:
    file = _file()
    file.touch(mode=0o600)
    file.write_text(password, "ascii")


def _file() -> Path:
    return Path(settings.HOME) / "demo-password"
