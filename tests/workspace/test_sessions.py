"""The session of a browser: what its cookie allows, and that nobody can choose one for somebody else."""

import pytest
from django.test import Client

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import HistoryEntry
from guanxi.workspace.tokens.api import COOKIE
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.operations import create_token, open_session, revoke_token, sign_out
from guanxi.workspace.tokens.queries import actor_for, actor_of
from guanxi.workspace.users.operations import set_password
from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def user():
    made = make.user()
    set_password(SYSTEM, made.pk, password=PASSWORD)
    return made


def signed_in(client: Client, user, **more):
    """What the sign-in of a browser answers."""
    given = {"email": user.email, "password": PASSWORD}
    return client.post("/api/sign-in", given, "application/json", headers={"X-Guanxi": "1"}, **more)


def is_known(client: Client) -> bool:
    """Whether the house knows who this browser is."""
    return client.get("/api/me").status_code == 200


@pytest.mark.parametrize(("url", "secure"), [("http://localhost:8080", ""), ("https://crm.company.test", True)])
def test_no_script_and_no_other_site_gets_the_cookie(user, settings, url, secure):
    settings.URL = url
    cookie = signed_in(Client(), user).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", secure)
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_over_tls_the_cookie_stays_on_tls_whatever_the_address_says(user):
    assert signed_in(Client(), user, secure=True).cookies[COOKIE]["secure"] is True


def test_whoever_looks_at_their_sessions_knows_them_by_browser_and_system(user):
    said = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
    browser = Client()
    signed_in(browser, user, HTTP_USER_AGENT=said)
    signed_in(Client(), user, HTTP_USER_AGENT="curl/8.5.0")
    assert {row["name"] for row in browser.get("/api/tokens").json()["rows"]} == {"Firefox · Linux", ""}


@pytest.mark.parametrize("planted", ["chosen-by-somebody", "", "' or 1=1"])
def test_a_session_that_was_planted_never_becomes_somebodys(user, planted):
    browser = Client()
    browser.cookies[COOKIE] = planted
    assert not is_known(browser)
    assert signed_in(browser, user).status_code == 200
    assert browser.cookies[COOKIE].value != planted
    assert is_known(browser)
    assert actor_for(planted) is None


def test_who_signs_in_anew_leaves_no_session_behind(user):
    """Whether it was their own or one that somebody put there."""
    before = open_session(make.user())
    browser = Client()
    browser.cookies[COOKIE] = before
    signed_in(browser, user)
    assert is_known(browser)
    assert actor_for(before) is None


def test_a_sign_in_that_fails_ends_no_session(user):
    browser = Client()
    browser.cookies[COOKIE] = open_session(user)
    wrong = {"email": user.email, "password": "not it"}
    assert browser.post("/api/sign-in", wrong, "application/json", headers={"X-Guanxi": "1"}).status_code == 401
    assert is_known(browser)


def test_whoever_kept_the_cookie_is_out_when_its_owner_signs_out(user):
    browser, thief = Client(), Client()
    signed_in(browser, user)
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert is_known(thief)
    left = browser.post("/api/sign-out", headers={"X-Guanxi": "1"})
    assert left.cookies[COOKIE]["max-age"] == 0
    assert not is_known(thief)


@pytest.mark.parametrize("how", ["signed out", "revoked"])
def test_an_undo_lets_no_session_and_no_script_in_again(how):
    """Whoever may take things back would open what somebody else took away, or a browser that was left signed out."""
    owner, user = make.user("owner"), make.user("marketer")
    secret = open_session(user) if how == "signed out" else create_token(SYSTEM, name="script", email=user.email)
    token = Token.objects.latest("id")
    if how == "signed out":
        sign_out(secret)
    else:
        revoke_token(actor_of(owner.pk), token.pk)
    ended = HistoryEntry.objects.filter(record_id=token.pk).latest("id").change_set_id
    told = Api(user).post("undo", {"change_set": str(ended)})
    assert told == {"removed": {}, "restored": {}, "kept": {"workspace.token:ended_once": 1}}
    assert actor_for(secret) is None
