"""Who gives access for a team gives none to what other teams see, neither to colleagues nor to themselves."""

from collections.abc import Callable
from uuid import UUID

import pytest

from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.lib.errors import Conflict
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users import operations as users
from guanxi.workspace.users.models import User
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
SELLING = {"customers.*": 2}
LEADING = {**SELLING, "workspace.user.*": 4, "workspace.team.read": 4}
SECRET = "a password of mine"
Act = Callable[[Actor, User, UUID], object]


@pytest.fixture
def lead() -> Actor:
    """The head of a team, who invites people and looks after their access."""
    put_role(SYSTEM, key="selling", name="Selling", grants=SELLING)
    put_role(SYSTEM, key="leading", name="Leading", grants=LEADING)
    user = users.invite_user(
        SYSTEM, name="Lee", email="lee@guanxi.test", password=make.PASSWORD, roles=["leading"], team=make.team().pk
    )
    found = actor_of(user.pk)
    assert found is not None
    return found


def seller(team: UUID, email: str = "sam@guanxi.test") -> User:
    return users.invite_user(SYSTEM, name="Sam", email=email, password=make.PASSWORD, roles=["selling"], team=team)


ACTS: dict[str, Act] = {
    "invite": lambda lead, _, team: users.invite_user(
        lead, name="New", email="new@guanxi.test", password=SECRET, roles=["selling"], team=team
    ),
    "password": lambda lead, sam, _: users.set_password(lead, sam.pk, password=SECRET),
    "address": lambda lead, sam, _: users.set_email(lead, sam.pk, email="mine@guanxi.test"),
    "roles": lambda lead, sam, _: users.set_roles(lead, sam.pk, roles=["selling"]),
    "restore": lambda lead, sam, _: users.restore_user(lead, sam.pk),
    "team": lambda lead, sam, team: users.set_team(lead, seller(lead.teams[0], "x@guanxi.test").pk, team=team),
    "own team": lambda lead, _, team: users.set_team(lead, lead.id, team=team),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_access_to_another_team_is_given_by_who_has_none(lead, act):
    there = make.team().pk
    sam = seller(there)
    with pytest.raises(Conflict, match=r"role\.above_own"):
        ACTS[act](lead, sam, there)
    assert actor_of(lead.id).teams == lead.teams


@pytest.mark.parametrize("act", ACTS)
def test_in_ones_own_team_it_is_given(lead, act):
    own = lead.teams[0]
    ACTS[act](lead, seller(own), own)
    with nothing_changes():
        assert actor_of(lead.id).teams == (own,)


@pytest.mark.parametrize(("reach", "given"), [(2, False), (3, True)])
def test_teams_below_are_for_who_reaches_below(reach, given):
    put_role(SYSTEM, key="selling", name="Selling", grants=SELLING)
    put_role(SYSTEM, key="leading", name="Leading", grants={**LEADING, "customers.*": reach})
    above = make.team()
    below = make.team(parent_id=above.pk)
    boss = users.invite_user(SYSTEM, name="Bo", email="bo@guanxi.test", roles=["leading"], team=above.pk)
    sam, acting = seller(below.pk), actor_of(boss.pk)
    if given:
        assert users.set_password(acting, sam.pk, password=SECRET).pk == sam.pk
    else:
        with pytest.raises(Conflict, match=r"role\.above_own"):
            users.set_password(acting, sam.pk, password=SECRET)


def test_who_sees_every_team_gives_access_to_any():
    team = make.team().pk
    owner = make.actor("owner", team=make.team())
    put_role(SYSTEM, key="selling", name="Selling", grants=SELLING)
    assert users.set_team(owner, seller(make.team().pk).pk, team=team).team_id == team
