"""Who signs in, who is kept out, and how far a role reaches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.actor import SYSTEM, Actor, Reach
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Invalid, TooMany, Unauthenticated
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.operations import create_token, revoke_token, sign_in
from guanxi.workspace.tokens.queries import actor_for
from guanxi.workspace.users.operations import invite_user, set_roles
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("grants", "permission", "reach"),
    [
        ({"*": 4}, "service.ticket.close", Reach.ALL),
        ({"service.*": 2}, "service.ticket.close", Reach.TEAM),
        ({"service.*": 2, "service.ticket.*": 3}, "service.ticket.close", Reach.BELOW),
        ({"service.*": 4, "service.ticket.close": 0}, "service.ticket.close", Reach.NONE),
        ({"service.ticket.read": 1}, "service.ticket.close", Reach.NONE),
        ({"serv.*": 4}, "service.ticket.close", Reach.NONE),
        ({}, "service.ticket.close", Reach.NONE),
    ],
)
def test_the_most_exact_grant_decides(grants, permission, reach):
    assert Actor(kind="user", grants={k: Reach(v) for k, v in grants.items()}).reach(permission) == reach


def test_signing_in_gives_a_session_that_ends_with_signing_out():
    user = make.user("agent")
    secret = sign_in(email=user.email.upper(), password=make.PASSWORD, place="127.0.0.1")
    assert actor_for(secret).id == user.pk
    assert not Token.objects.filter(hash=secret.encode()).exists()


def test_five_wrong_passwords_lock_the_address_for_a_while():
    user = make.user("agent")
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        for _ in range(5):
            with pytest.raises(Unauthenticated):
                sign_in(email=user.email, password="wrong", place="127.0.0.1")
        with pytest.raises(TooMany) as caught:
            sign_in(email=user.email, password=make.PASSWORD, place="127.0.0.1")
        assert 0 < caught.value.values["seconds"] <= 900
        clock.advance(timedelta(minutes=15))
        assert sign_in(email=user.email, password=make.PASSWORD, place="127.0.0.1")


def test_a_revoked_or_expired_token_opens_nothing():
    user = make.user("agent")
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        secret = create_token(SYSTEM, name="script", email=user.email, days=1)
        assert actor_for(secret)
        clock.advance(timedelta(days=2))
        assert actor_for(secret) is None
    other = create_token(SYSTEM, name="script", email=user.email)
    revoke_token(SYSTEM, Token.objects.order_by("-created_at").first().pk)
    assert actor_for(other) is None


def test_nobody_gives_more_than_they_have():
    clerk = replace(make.actor("agent"), grants={"workspace.user.*": Reach.ALL})
    make.role("owner")
    with nothing_changes(), pytest.raises(Conflict, match="role.above_own"):
        invite_user(clerk, name="X", email="x@guanxi.test", roles=["owner"])


def test_the_last_owner_stays_owner():
    owner = make.user("owner")
    make.role("agent")
    with nothing_changes(), pytest.raises(Conflict, match="user.last_owner"):
        set_roles(SYSTEM, owner.pk, roles=["agent"])


def test_a_short_password_is_refused():
    make.role("agent")
    with nothing_changes(), pytest.raises(Invalid, match="user.password_too_short"):
        invite_user(SYSTEM, name="X", email="x@guanxi.test", password="short")


def test_without_a_session_there_is_nothing_to_see():
    for path in ("me", "users", "meta", "search?q=a"):
        assert Api().get(path, status=401)["code"] == "session.missing"


def test_an_agent_sees_colleagues_but_makes_none():
    api = Api(make.user("agent"))
    assert api.get("users")["rows"]
    with nothing_changes():
        given = {"name": "X", "email": "x@guanxi.test"}
        assert api.post("users", given, status=403)["code"] == "access.not_granted"


def test_a_cookie_alone_does_not_write():
    user = make.user("owner")
    client = Api().client
    client.cookies["guanxi_session"] = sign_in(email=user.email, password=make.PASSWORD, place="x")
    with nothing_changes():
        sent = client.post("/api/teams", '{"name": "Forged"}', content_type="application/json")
    assert sent.status_code == 403
    sent = client.post("/api/teams", '{"name": "Ours"}', content_type="application/json", headers={"X-Guanxi": "1"})
    assert sent.status_code == 201


def test_the_same_key_does_it_once():
    api = Api(make.user("owner"))
    first = api.post("teams", {"name": "Once"}, status=201, **{"Idempotency-Key": "k1"})
    again = api.post("teams", {"name": "Once"}, status=201, **{"Idempotency-Key": "k1"})
    assert first == again
    assert api.post("teams", {"name": "Else"}, status=409, **{"Idempotency-Key": "k1"})["code"]
