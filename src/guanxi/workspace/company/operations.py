"""The verbs of the company: the first run and what it says of itself."""

from datetime import UTC, datetime
from typing import Literal

from django.db import connection, transaction

from guanxi.events.workspace import CompanySetUp
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.settings import choose, history, setting
from guanxi.kernel.writes import create
from guanxi.lib.errors import Conflict, Invalid
from guanxi.lib.zones import country_of
from guanxi.workspace.company import rules
from guanxi.workspace.teams.models import Team
from guanxi.workspace.tokens.operations import open_session
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import invite_user

DESCRIBE = "workspace.company.describe"
NAME = setting("workspace.company.name", default="", verb=DESCRIBE)
LANGUAGE = setting("workspace.company.language", default="en", verb=DESCRIBE)
ZONE = setting("workspace.company.zone", default="UTC", verb=DESCRIBE)
CURRENCY = setting("workspace.company.currency", default="EUR", verb=DESCRIBE)
COUNTRY = setting("workspace.company.country", default="", verb=DESCRIBE)
LINE_OF_WORK = setting("workspace.company.line_of_work", default="", verb=DESCRIBE)
MODULES = setting("workspace.company.modules", default=list(rules.MODULES), verb=DESCRIBE)

LineOfWork = Literal["shop", "trade", "services"]
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when the company is what it says first: what happened before it said so has its money and its days."""
FIRST_RUN = 0x6775616E  # a number of ours among PostgreSQL's advisory locks


def alone() -> None:
    """Wait until nobody else sets up the house; two at once must not both become its owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_RUN])


@transaction.atomic
def first_run(
    *,
    company: str,
    language: str,
    zone: str,
    currency: str,
    line_of_work: LineOfWork,
    name: str,
    email: str,
    password: str,
    sample: bool = False,
    browser: str = "",
) -> tuple[User, str]:
    """Set up an empty house for its owner; returns the owner and a session secret. Works once."""
    alone()
    if User.objects.exists():
        raise Conflict("company.already_set_up")
    actor = SYSTEM
    describe(
        actor, name=company, language=language, zone=zone, currency=currency, country=country_of(zone),
        line_of_work=line_of_work,
    )  # fmt: skip
    team = create(actor, Team, name=company.strip()[:120])
    owner = invite_user(
        actor,
        name=name,
        email=email,
        password=password,
        roles=["owner"],
        team=team.pk,
        language=language,
        zone=zone,
    )
    emit(actor, CompanySetUp(owner_id=owner.pk, company=company.strip(), sample=sample))
    return owner, open_session(owner, browser=browser)


@operation(DESCRIBE)
def describe(
    actor: Actor,
    *,
    name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    country: str | None = None,
    line_of_work: LineOfWork | None = None,
) -> dict[str, str]:
    """Say who we are: name, language, zone, currency, country, line of work. What is said first always was so."""
    if name is not None and not name.strip():
        raise Invalid("company.needs_a_name")
    rules.require_known(language=language, zone=zone, currency=currency, country=country)
    given = {
        NAME.name: name and name.strip(),
        LANGUAGE.name: language,
        ZONE.name: zone,
        CURRENCY.name: currency,
        COUNTRY.name: country,
        LINE_OF_WORK.name: line_of_work,
    }
    said = {one.name for one in history(*given)}
    for setting_name, value in given.items():
        if value is not None:
            choose(actor, setting_name, value, since=None if setting_name in said else EVER)
    if line_of_work:
        choose(actor, MODULES.name, list(rules.modules_for(line_of_work)))
    return {"name": NAME.get(), "language": LANGUAGE.get(), "zone": ZONE.get(), "currency": CURRENCY.get()}
