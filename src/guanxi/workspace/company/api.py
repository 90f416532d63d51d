"""Routes of the first run and of who is signed in."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from guanxi.kernel import access
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.api.answers import actor_of, answer, language_of
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.models import new_id
from guanxi.kernel.operations import operations as verbs
from guanxi.kernel.records import records
from guanxi.workspace.company import operations
from guanxi.workspace.teams.models import Team
from guanxi.workspace.tokens.api import browser_at, require_own_name, require_own_page, with_session
from guanxi.workspace.tokens.operations import open_session
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import SHORTEST_PASSWORD, Password, change_own, change_password

router = Router(tags=["company"])
_GUESSES = {"zh-Hans": ("Asia/Shanghai", "CNY"), "zh-Hant": ("Asia/Taipei", "TWD"), "en": ("Europe/London", "GBP")}


class FirstRun(BaseModel):
    """What an empty house has to know."""

    company: str
    language: str
    zone: str
    currency: str
    line_of_work: Literal["shop", "trade", "services"]
    name: str
    email: str
    password: Password
    start: Literal["own", "sample"] = "own"


class Own(BaseModel):
    """What people change of themselves."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    language: str | None = None
    zone: str | None = None
    theme: str | None = None


class NewPassword(BaseModel):
    """The old one proves who asks."""

    model_config = ConfigDict(extra="forbid")

    old_password: str
    password: Password


@router.get("/start", auth=None, operation_id="start")
def start(request: HttpRequest) -> HttpResponse:
    """Whether the house is still empty, and what may be guessed of its owner."""
    empty = not User.objects.exists()
    language = language_of(request)
    zone, currency = _GUESSES[language]
    return answer(
        {
            "first_run": empty,
            "company": None if empty else company(),
            "languages": LANGUAGES,
            "shortest_password": SHORTEST_PASSWORD,
            "guess": {"language": language, "zone": zone, "currency": currency},
        }
    )


@router.post("/first-run", auth=None, operation_id="first_run")
def first_run(request: HttpRequest, given: FirstRun) -> HttpResponse:
    """Set up an empty house; signs its owner in."""
    require_own_page(request)
    require_own_name(request)
    values = given.model_dump(exclude={"start"})
    _, secret = operations.first_run(**values, sample=given.start == "sample", browser=browser_at(request))
    return with_session(request, secret)


@router.get("/me", operation_id="get_me")
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in and what they may do."""
    return answer(_me(actor_of(request)))


@router.patch("/me", operation_id="change_me")
def change_me(request: HttpRequest, given: Own) -> HttpResponse:
    """Change one's own name, language, zone, theme or password."""
    actor = actor_of(request)
    change_own(actor, **given.model_dump())
    return answer(_me(actor))


@router.post("/me/password", operation_id="change_my_password")
def change_my_password(request: HttpRequest, given: NewPassword) -> HttpResponse:
    """Change one's own password; what else was signed in under the old one is out."""
    user = change_password(actor_of(request), **given.model_dump())
    # The new password ended all sessions, this one, too.
    return with_session(request, open_session(user, browser=browser_at(request)))


def company() -> dict[str, object]:
    """What the company says of itself."""
    return {
        "name": operations.NAME.get(),
        "language": operations.LANGUAGE.get(),
        "zone": operations.ZONE.get(),
        "currency": operations.CURRENCY.get(),
        "country": operations.COUNTRY.get(),
        "line_of_work": operations.LINE_OF_WORK.get(),
        "modules": operations.MODULES.get(),
    }


def _me(actor: Actor) -> dict[str, object]:
    user = access.get(SYSTEM, User, actor.id or new_id())
    rights = [f"{name}.{verb}" for name in records() for verb in ("read", "create", "change", "archive")]
    return {
        "id": user.pk,
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "zone": user.zone,
        "theme": user.theme,
        "roles": user.roles,
        "teams": [{"id": team.pk, "name": team.name} for team in Team.objects.filter(pk__in=actor.teams)],
        "may": [name for name in [*rights, *verbs()] if actor.may(name)],
        "company": company(),
    }
