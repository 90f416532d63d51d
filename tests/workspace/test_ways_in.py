"""How people come to the password they sign in with: what is said beforehand, and the link by which they choose it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.time import frozen
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.tokens.operations import enter_by_link, follow_link, open_session, sign_in
from guanxi.workspace.tokens.queries import actor_for, actor_of
from guanxi.workspace.users.links import GOOD_FOR
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import (
    SHORTEST_PASSWORD,
    archive_user,
    change_password,
    invite_user,
    make_link,
    restore_user,
    set_password,
    set_roles,
)
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes, nothing_changes_but_counting

pytestmark = pytest.mark.django_db
READS = {"workspace.user.read": 4}
HERE, CHOSEN = "192.0.2.7", "chosen by myself"


def token(by, user):
    """What stands behind the # of a link that somebody makes."""
    return make_link(by, user.pk).link.partition("/welcome#")[2]


def enter(link, password=CHOSEN):
    return enter_by_link(token=link, password=password, place=HERE)


def refused(link):
    with nothing_changes_but_counting(), pytest.raises(NotFound, match=r"user\.dead_link"):
        enter(link)


@pytest.fixture
def owner():
    return actor_of(make.user("owner").pk)


@pytest.fixture
def new(owner):
    """Somebody who was invited and has no password yet."""
    make.role("agent")
    return invite_user(owner, name="Sam", email="sam@guanxi.test")


def test_how_long_a_password_has_to_be_is_said_beforehand():
    assert Api().get("start")["shortest_password"] == SHORTEST_PASSWORD
    asked = Api(make.user("owner")).get("meta")["operations"]["workspace.user.set_password"]["input"]["properties"]
    assert asked["password"]["minLength"] == SHORTEST_PASSWORD


def test_whoever_is_new_chooses_a_password_by_a_link_and_is_in(owner, new):
    assert actor_for(enter(token(owner, new))).id == new.pk
    assert actor_for(sign_in(email=new.email, password=CHOSEN, place=HERE)).id == new.pk


def test_the_way_of_a_browser_from_the_link_to_the_session(owner, new, settings):
    settings.URL = "https://crm.example.com/"
    api = Api(secret=open_session(User.objects.get(pk=owner.id)))
    made = api.post(f"users/{new.pk}/make_link")
    place, _, mark = made["link"].partition("#")
    assert place == "https://crm.example.com/welcome"
    browser = Client(headers={"X-Guanxi": "1"})

    def said(path, **given):
        return browser.post(f"/api/{path}", given, content_type="application/json")

    assert said("welcome/look", token=mark).json() == {"name": "Sam", "email": "sam@guanxi.test", "new": True}
    assert said("welcome", token=mark, password="short").json()["code"] == "user.password_too_short"
    assert said("welcome", token=mark, password=CHOSEN).status_code == 200
    assert browser.get("/api/me").json()["name"] == "Sam"
    assert said("welcome/look", token=mark).json()["code"] == "user.dead_link"


def test_whoever_forgot_it_chooses_anew_and_old_sessions_end(owner):
    user = make.user("agent")
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        before = open_session(user)
        clock.advance(timedelta(minutes=1))
        assert actor_for(enter(token(owner, user))).id == user.pk
        assert actor_for(before) is None


def changed_by_oneself(owner, user):
    change_password(actor_of(user.pk), old_password=make.PASSWORD, password=CHOSEN)


ENDS = {
    "used": lambda owner, user, link: enter(link),
    "followed by a newer one": lambda owner, user, link: make_link(owner, user.pk),
    "password set": lambda owner, user, link: set_password(owner, user.pk, password=CHOSEN),
    "password changed": lambda owner, user, link: changed_by_oneself(owner, user),
    "deactivated": lambda owner, user, link: archive_user(owner, user.pk),
    "reactivated": lambda owner, user, link: (archive_user(owner, user.pk), restore_user(owner, user.pk)),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_is_good_once_and_for_nobody_who_left(owner, end):
    user = make.user("agent")
    link = token(owner, user)
    ENDS[end](owner, user, link)
    refused(link)


@pytest.mark.parametrize("end", ENDS)
def test_no_undo_makes_a_link_good_again(owner, end):
    user = make.user("agent")
    link = token(owner, user)
    ENDS[end](owner, user, link)
    for change in set(HistoryEntry.objects.filter(record_id=user.pk).values_list("change_set_id", flat=True)):
        undo(owner, change)
    refused(link)


def test_a_link_is_good_for_a_week(owner, new):
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        link = token(owner, new)
        clock.advance(GOOD_FOR - timedelta(seconds=1))
        follow_link(token=link, place=HERE)
        clock.advance(timedelta(seconds=1))
        refused(link)


@pytest.mark.parametrize(
    "forge", [lambda link: link[:-1], lambda link: link.swapcase(), lambda _: "", lambda _: "a.b.c"]
)
def test_a_forged_link_leads_nowhere(owner, new, forge):
    refused(forge(token(owner, new)))


def test_a_password_that_is_too_short_leaves_the_link_good(owner, new):
    link = token(owner, new)
    with nothing_changes_but_counting(), pytest.raises(Invalid, match=r"user\.password_too_short"):
        enter(link, "short")
    assert enter(link)


def test_nobody_makes_a_link_for_whoever_may_more():
    owner, nearly = make.user("owner"), make.acting({"*": 4, "kernel.undo": 0})
    with nothing_changes(), pytest.raises(Conflict, match=r"role\.above_own"):
        make_link(nearly, owner.pk)


def test_nobody_makes_one_without_the_right_to_it_and_none_for_whoever_left(owner):
    user, agent = make.user("agent"), make.actor("seller")
    with nothing_changes(), pytest.raises(Forbidden):
        make_link(agent, user.pk)
    archive_user(owner, user.pk)
    with nothing_changes(), pytest.raises(Conflict, match=r"user\.left"):
        make_link(owner, user.pk)


def test_a_script_makes_none_for_whoever_gives_access():
    script, owner = Api(make.user("owner")), make.user("owner")
    with nothing_changes():
        assert script.post(f"users/{owner.pk}/make_link", status=403)["code"] == "role.not_by_token"


def promoted(clerk, user):
    make.role("owner")
    set_roles(SYSTEM, user.pk, roles=["owner"])


LESS = {
    "who it is for may more now": promoted,
    "their role may more now": lambda clerk, user: put_role(SYSTEM, key="sells", name="Sells", grants={"*": 4}),
    "who made it may less now": lambda clerk, user: put_role(SYSTEM, key="clerk", name="Clerk", grants=READS),
    "who made it has left": lambda clerk, user: archive_user(SYSTEM, clerk.id),
}


@pytest.mark.parametrize("then", LESS)
def test_a_link_lets_in_only_as_long_as_its_maker_might(then):
    grants = {"workspace.user.read": 4, "workspace.user.make_link": 4, "customers.customer.read": 4}
    put_role(SYSTEM, key="clerk", name="Clerk", grants=grants)
    put_role(SYSTEM, key="sells", name="Sells", grants={"customers.customer.read": 4})
    clerk = actor_of(invite_user(SYSTEM, name="C", email="c@guanxi.test", roles=["clerk"]).pk)
    user = invite_user(SYSTEM, name="S", email="s@guanxi.test", roles=["sells"])
    link = token(clerk, user)
    follow_link(token=link, place=HERE)
    LESS[then](clerk, user)
    refused(link)


def test_guesses_are_counted_by_where_they_come_from(owner, new):
    link = token(owner, new)
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)):
        for _ in range(60):
            with pytest.raises(NotFound):
                follow_link(token="guess", place=HERE)
        with pytest.raises(TooMany):
            follow_link(token=link, place=HERE)
        assert follow_link(token=link, place="198.51.100.9")[1].pk == new.pk


def test_wrong_tries_are_forgotten_once_a_new_password_is_chosen(owner):
    user = make.user("agent")
    for _ in range(5):
        with pytest.raises(Exception, match=r"sign_in\.wrong"):
            sign_in(email=user.email, password="wrong", place=HERE)
    enter(token(owner, user))
    assert sign_in(email=user.email, password=CHOSEN, place=HERE)
