"""Who signs in, who is kept out, and how far a role reaches."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from guanxi.kernel import limits
from guanxi.kernel.actor import SYSTEM, Actor, Reach
from guanxi.kernel.models import HistoryEntry, IdempotentAnswer, Limit
from guanxi.kernel.time import frozen
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Conflict, Forbidden, Invalid, TooMany, Unauthenticated
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.operations import create_token, open_session, revoke_token, sign_in
from guanxi.workspace.tokens.queries import actor_for, actor_of
from guanxi.workspace.users.operations import (
    archive_user,
    change_password,
    invite_user,
    restore_user,
    set_email,
    set_password,
    set_roles,
    set_team,
)
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


def test_who_waits_as_long_as_they_are_told_gets_in_however_often_others_knock():
    user = make.user("agent")
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        for _ in range(12):
            with pytest.raises((Unauthenticated, TooMany)) as caught:
                sign_in(email=user.email, password="wrong", place="127.0.0.1")
        told = caught.value.values["seconds"]
        clock.advance(timedelta(seconds=told - 2))
        with pytest.raises(TooMany) as again:
            sign_in(email=user.email, password=make.PASSWORD, place="127.0.0.1")
        assert again.value.values["seconds"] <= 2
        clock.advance(timedelta(seconds=2))
        assert sign_in(email=user.email, password=make.PASSWORD, place="127.0.0.1")


def test_who_is_locked_out_writes_no_more_rows_and_empty_buckets_are_forgotten():
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        for n in range(60):
            with pytest.raises((Unauthenticated, TooMany)):
                sign_in(email=f"made{n}@up.test", password="wrong", place="127.0.0.1")
        assert Limit.objects.count() == 1 + 2 * 50
        clock.advance(timedelta(days=2))
        limits.forget_limits.function()
        assert not Limit.objects.exists()


def test_the_old_password_is_not_guessed_by_trying():
    api = Api().client
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)):
        user = make.user("agent")
        api.cookies["guanxi_session"] = sign_in(email=user.email, password=make.PASSWORD, place="x")
        given = json.dumps({"password": "an entirely new one", "old_password": "a guess"})
        sent = [
            api.post("/api/me/password", given, content_type="application/json", headers={"X-Guanxi": "1"})
            for _ in range(7)
        ]
    assert [one.status_code for one in sent] == [422] * 5 + [429] * 2
    assert sent[0].json()["fields"]["old_password"]["code"] == "user.wrong_old_password"
    right = {"password": "an entirely new one", "old_password": make.PASSWORD}
    assert Api(user).post("me/password", right, status=403)["code"] == "user.password_by_person"


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


@pytest.mark.parametrize("deed", ["invite", "roles", "role"])
def test_all_with_exceptions_is_not_all(deed):
    """Somebody with every right but one does not make an owner, who would have that one, too."""
    make.role("owner")
    nearly = make.acting({"*": 4, "kernel.undo": 0})
    someone = make.user()
    with nothing_changes(), pytest.raises(Conflict, match="role.above_own"):
        if deed == "invite":
            invite_user(nearly, name="X", email="x@guanxi.test", roles=["owner"])
        elif deed == "roles":
            set_roles(nearly, someone.pk, roles=["owner"])
        else:
            put_role(nearly, key="mine", name="Mine", grants={"*": 4})


@pytest.mark.parametrize("deed", ["password", "email", "team", "roles", "archive", "restore", "role"])
def test_nobody_has_power_over_those_who_have_more(deed):
    owner, _, _ = make.user("owner"), make.user("owner"), make.role("agent")
    team = make.team()
    nearly = make.acting({"*": 4, "kernel.undo": 0})
    with nothing_changes(), pytest.raises(Conflict, match="role.above_own"):
        if deed == "password":
            set_password(nearly, owner.pk, password="taken over now")
        elif deed == "email":
            set_email(nearly, owner.pk, email="mine@guanxi.test")
        elif deed == "team":
            set_team(nearly, owner.pk, team=team.pk)
        elif deed == "roles":
            set_roles(nearly, owner.pk, roles=["agent"])
        elif deed == "archive":
            archive_user(nearly, owner.pk)
        elif deed == "restore":
            restore_user(nearly, owner.pk)
        else:
            put_role(nearly, key="owner", name="Owner", grants={})


def test_the_last_owner_is_not_archived():
    owner = make.user("owner")
    api = Api(secret=open_session(owner))
    with nothing_changes():
        assert api.post(f"users/{owner.pk}/archive", status=409)["code"] == "user.last_owner"


def test_a_house_is_set_up_once_even_when_everybody_has_left():
    owner = make.user("owner")
    type(owner).objects.update(archived_at=datetime(2026, 1, 1, tzinfo=UTC))
    sent = first_run_from("localhost")
    assert (sent.status_code, sent.json()["code"]) == (409, "company.already_set_up")
    assert Api().get("start")["first_run"] is False


def test_an_empty_house_is_not_set_up_under_a_name_that_others_pointed_here():
    """A page of a stranger whose name leads to this machine is its own origin; it has to know our name."""
    make.role("owner")
    with nothing_changes():
        sent = first_run_from("stranger.example")
    assert (sent.status_code, sent.json()["code"]) == (403, "session.other_name")
    assert first_run_from("127.0.0.1:8000").status_code == 200


def first_run_from(host):
    given = {
        "company": "C", "language": "en", "zone": "UTC", "currency": "EUR", "line_of_work": "shop", "name": "O",
        "email": "o@guanxi.test", "password": make.PASSWORD,
    }  # fmt: skip
    headers = {"X-Guanxi": "1", "Host": host, "Origin": f"http://{host}"}
    return Api().client.post("/api/first-run", json.dumps(given), content_type="application/json", headers=headers)


def test_a_new_password_ends_the_other_sessions_and_goes_on_with_this_one():
    user = make.user("agent")
    stolen = sign_in(email=user.email, password=make.PASSWORD, place="x")
    client = Api().client
    client.cookies["guanxi_session"] = sign_in(email=user.email, password=make.PASSWORD, place="x")
    given = {"password": "an entirely new one", "old_password": make.PASSWORD}
    own = {"X-Guanxi": "1"}
    sent = client.post("/api/me/password", json.dumps(given), content_type="application/json", headers=own)
    assert sent.status_code == 200
    assert actor_for(stolen) is None
    assert client.get("/api/me").status_code == 200
    set_password(SYSTEM, user.pk, password="yet another one now")
    assert client.get("/api/me").status_code == 401


def test_who_goes_on_knocking_does_not_shut_the_door_for_days_nor_for_others():
    user = make.user("agent")
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)):
        for _ in range(200):
            with pytest.raises((Unauthenticated, TooMany)) as caught:
                sign_in(email=user.email, password="wrong", place="2001:db8::1")
        assert caught.value.values["seconds"] <= 180
        with pytest.raises(TooMany):
            sign_in(email=user.email, password=make.PASSWORD, place="2001:db8::2")
        assert sign_in(email=user.email, password=make.PASSWORD, place="2001:db8:1::1")


def test_an_unknown_address_takes_as_long_as_a_known_one(monkeypatch):
    """One hash either way: the time taken does not tell which addresses exist."""
    hashed = []
    for name in ("encode", "verify"):
        kept = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda self, *a, kept=kept, **k: hashed.append(1) or kept(self, *a, **k)
        )
    user, counts = make.user("agent"), []
    for address in (user.email, "nobody@guanxi.test"):
        hashed.clear()
        with pytest.raises(Unauthenticated):
            sign_in(email=address, password="wrong", place=address)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_no_secret_stands_in_history_or_in_kept_answers():
    owner = make.user("owner")
    change_password(actor_of(owner.pk), password="never written down", old_password=make.PASSWORD)
    assert "argon2" not in str(list(HistoryEntry.objects.values_list("diff", flat=True)))
    api = Api(secret=open_session(owner))
    given = api.post("tokens/create", {"name": "script"}, **{"Idempotency-Key": "k"})
    kept = bytes(IdempotentAnswer.objects.get(key="k").body).decode()
    assert given["value"] not in kept
    assert api.post("tokens/create", {"name": "script"}, **{"Idempotency-Key": "k"}) == given
    by_script = Api(secret=given["value"]).post(
        "tokens/create", {"name": "script"}, status=403, **{"Idempotency-Key": "k"}
    )
    assert by_script["code"] == "token.not_by_token"


def test_who_may_not_do_it_does_not_undo_it():
    """The undo of a demotion is a promotion."""
    user, _ = make.user("owner"), make.user("owner")
    make.role("manager")
    changed = HistoryEntry.objects.filter(record_id=set_roles(SYSTEM, user.pk, roles=["manager"]).pk).latest("id")
    with nothing_changes(), pytest.raises(Forbidden, match="access.not_granted"):
        undo(actor_of(user.pk), changed.change_set_id)


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


def test_whom_an_event_tells_of_has_a_story_and_what_only_changes_has_none():
    told = {name: record["story"] for name, record in Api(make.user("owner")).get("meta")["records"].items()}
    assert all(told[plural] for plural in ("customers", "orders", "tickets", "contact_points", "imports", "todos"))
    assert not any(told[plural] for plural in ("products", "users", "roles", "order_lines"))


def test_a_password_set_by_somebody_else_ends_everything_that_ran_in_their_name():
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        user = make.user("agent")
        script = create_token(SYSTEM, name="script", email=user.email)
        session = open_session(user)
        clock.advance(timedelta(minutes=1))
        set_password(SYSTEM, user.pk, password="a better secret")
        assert (actor_for(script), actor_for(session)) == (None, None)
        assert actor_for(create_token(SYSTEM, name="script", email=user.email))


def test_a_new_password_of_ones_own_ends_the_sessions_and_leaves_the_scripts():
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        user = make.user("agent")
        script, session = create_token(SYSTEM, name="script", email=user.email), open_session(user)
        clock.advance(timedelta(minutes=1))
        change_password(actor_for(session), password="a better secret", old_password=make.PASSWORD)
        assert actor_for(session) is None
        assert actor_for(script)


def test_who_was_let_in_again_begins_anew():
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        user = make.user("agent")
        script = create_token(SYSTEM, name="script", email=user.email)
        clock.advance(timedelta(minutes=1))
        archive_user(SYSTEM, user.pk)
        restore_user(SYSTEM, user.pk)
        assert actor_for(script) is None


def test_a_token_does_not_beget_another():
    """Who got hold of one has it until it is taken away, and not for longer."""
    script = replace(make.actor("owner"), kind="token")
    with nothing_changes(), pytest.raises(Forbidden, match="token.not_by_token"):
        create_token(script, name="more")


def test_a_script_gives_nobody_what_gives_access():
    """Neither a new owner, nor a secret of one, nor a role that makes owners."""
    script, owner = Api(make.user("owner")), make.user("owner")
    make.role("agent")
    agent = script.post("users", {"name": "Bo", "email": "bo@guanxi.test"}, status=201)
    with nothing_changes():
        for path, given in (
            ("users", {"name": "Me", "email": "me@guanxi.test", "password": make.PASSWORD, "roles": ["owner"]}),
            (f"users/{agent['id']}/set_roles", {"roles": ["owner"]}),
            (f"users/{owner.pk}/set_password", {"password": "known to the script"}),
            ("roles/put", {"key": "agent", "name": "Agent", "grants": {"workspace.user.*": 4}}),
        ):
            assert script.post(path, given, status=403)["code"] == "role.not_by_token"


def test_nobody_moves_into_a_team_or_renames_somebody_by_a_plain_change():
    """Both mean something: how far one sees, and who signs in."""
    user = make.user("agent")
    api = Api(make.user("owner"))
    for field, value in (("team", str(make.team().pk)), ("email", "else@guanxi.test")):
        assert api.patch(f"users/{user.pk}", {field: value}, status=422)
    api.post(f"users/{user.pk}/set_email", {"email": "Else@guanxi.test"})
    assert api.post(f"users/{user.pk}/set_team", {"team": str(make.team().pk)})["email"] == "else@guanxi.test"


@pytest.mark.parametrize("end", [lambda by, id: set_password(by, id, password="a better secret"), archive_user])
def test_an_undo_does_not_open_what_was_ended(end):
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        owner, user = make.user("owner"), make.user("agent")
        script, session = create_token(SYSTEM, name="script", email=user.email), open_session(user)
        clock.advance(timedelta(minutes=1))
        end(SYSTEM, user.pk)
        undo(actor_of(owner.pk), HistoryEntry.objects.filter(record_id=user.pk).latest("id").change_set_id)
        assert (actor_for(script), actor_for(session)) == (None, None)
