"""Who a request comes from, and the routes to sign in and out."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import answer
from guanxi.kernel.api.throttling import place_of
from guanxi.lib.browsers import browser_of
from guanxi.lib.errors import Forbidden, Unauthenticated
from guanxi.lib.networks import is_address
from guanxi.workspace.tokens import operations, rules
from guanxi.workspace.tokens.queries import actor_for
from guanxi.workspace.users.operations import Password

COOKIE = "guanxi_session"
SAFE = ("GET", "HEAD", "OPTIONS")
router = Router(tags=["session"])


class Credentials(BaseModel):
    """An address and a password."""

    email: str
    password: str


class Link(BaseModel):
    """What stands in a link behind the #."""

    token: str


class Chosen(Link):
    """The password that was chosen by a link."""

    password: Password


def authenticate(request: HttpRequest) -> Actor:
    """The actor behind a request: a bearer token, or a session cookie whose unsafe requests come from our own pages."""
    given = request.headers.get("Authorization", "")
    secret = given.removeprefix("Bearer ").strip() if given.startswith("Bearer ") else ""
    if not secret:
        secret = request.COOKIES.get(COOKIE, "")
        if secret and request.method not in SAFE:
            require_own_page(request)
    actor = actor_for(secret) if secret else None
    if actor is None:
        raise Unauthenticated("session.missing")
    return actor


def require_own_page(request: HttpRequest) -> None:
    """Refuse what another site made a browser send."""
    origin = request.headers.get("Origin", "")
    same = not origin or origin.partition("://")[2] == request.get_host()
    if request.headers.get("X-Guanxi") != "1" or not same:
        raise Forbidden("session.other_site")


def require_own_name(request: HttpRequest) -> None:
    """Refuse a name that somebody may have pointed at this machine to set it up from a page of theirs."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if host not in ("localhost", urlsplit(settings.URL).hostname) and not is_address(host):
        raise Forbidden("session.other_name", host=host)


@router.post("/sign-in", auth=None, operation_id="sign_in")
def sign_in(request: HttpRequest, given: Credentials) -> HttpResponse:
    """Sign in; the session lives in a cookie that scripts cannot read, and one that this browser had is ended."""
    require_own_page(request)
    who = given.model_dump()
    secret = operations.sign_in(**who, place=place_of(request), browser=browser_at(request))
    operations.sign_out(request.COOKIES.get(COOKIE, ""))
    return with_session(request, secret)


@router.post("/welcome/look", auth=None, operation_id="follow_link")
def follow_link(request: HttpRequest, given: Link) -> HttpResponse:
    """Whom a link to choose a password by was made for, as long as it is good."""
    require_own_page(request)
    _, user = operations.follow_link(token=given.token, place=place_of(request))
    return answer({"name": user.name, "email": user.email, "new": not user.password})


@router.post("/welcome", auth=None, operation_id="enter_by_link")
def enter_by_link(request: HttpRequest, given: Chosen) -> HttpResponse:
    """Choose a password by a link, and be signed in; a session that this browser had is ended."""
    require_own_page(request)
    who = {"token": given.token, "password": given.password}
    secret = operations.enter_by_link(**who, place=place_of(request), browser=browser_at(request))
    operations.sign_out(request.COOKIES.get(COOKIE, ""))
    return with_session(request, secret)


@router.post("/sign-out", operation_id="sign_out")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    operations.sign_out(request.COOKIES.get(COOKIE, ""))
    response = answer({})
    response.delete_cookie(COOKIE)
    return response


def browser_at(request: HttpRequest) -> str:
    """What browser and system a request comes from, as far as it says so."""
    return browser_of(request.headers.get("User-Agent", ""))


def with_session(request: HttpRequest, secret: str) -> HttpResponse:
    """An empty answer that carries a session."""
    response = answer({})
    set_session(request, response, secret)
    return response


def set_session(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Let an answer carry a session; over TLS alone where the house is reached by it."""
    secure = request.is_secure() or settings.URL.startswith("https://")
    age = int(rules.SESSION_LASTS.total_seconds())
    response.set_cookie(COOKIE, secret, max_age=age, httponly=True, samesite="Lax", secure=secure)
