"""The verbs of people who work here."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from pydantic import Field

from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.limits import limit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, Unknown
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.queries import require_roles_within
from guanxi.workspace.users.links import Mark, WayIn, require_good, way_in
from guanxi.workspace.users.models import User
from guanxi.workspace.users.queries import MAKE_LINK, require_may_let_in

SHORTEST_PASSWORD = 10
Password = Annotated[str, Field(json_schema_extra={"minLength": SHORTEST_PASSWORD})]
"""A password that is chosen: forms say beforehand how long it has to be, one that is too short is refused in words."""
Roles = Annotated[list[str], Field(json_schema_extra={"keys_of": "roles"})]
OLD_PASSWORDS = limit(
    "user.old_password", most=5, per=timedelta(minutes=15), by="actor", code="user.password_tries",
    about="Tries to change one's own password by the old one; a right one begins anew.",
)  # fmt: skip


@operation("workspace.user.invite", human_only="gives somebody access")
def invite_user(
    actor: Actor,
    *,
    name: str,
    email: str,
    password: Password = "",
    roles: Roles | None = None,
    team: UUID | None = None,
    language: str | None = None,
    zone: str | None = None,
) -> User:
    """Give somebody an account, with roles and a team."""
    wanted = roles or ["agent"]
    _require_known(wanted)
    require_roles_within(actor, wanted, team=team)
    return create(
        actor,
        User,
        using="workspace.user.invite",
        name=name.strip(),
        email=email.strip().lower(),
        password=_hashed(password) if password else "",
        roles=wanted,
        team_id=team,
        language=language or actor.language,
        zone=zone or actor.zone,
    )


@operation("workspace.user.set_roles", human_only="changes what somebody may do")
def set_roles(actor: Actor, user_id: UUID, *, roles: Roles) -> User:
    """Change what somebody may do."""
    _require_known(roles)
    with change(User, user_id, by=actor, using="workspace.user.set_roles") as user:
        require_roles_within(actor, {*roles, *user.roles}, team=user.team_id)
        if "owner" not in roles:
            _require_another_owner(user)
        user.roles = roles
    return user


@operation("workspace.user.set_email", human_only="changes how somebody signs in")
def set_email(actor: Actor, user_id: UUID, *, email: str) -> User:
    """Give somebody another address to sign in with."""
    with change(User, user_id, by=actor, using="workspace.user.set_email") as user:
        require_roles_within(actor, user.roles, team=user.team_id)
        user.email = email.strip().lower()
    return user


@operation("workspace.user.set_team", human_only="changes what somebody sees")
def set_team(actor: Actor, user_id: UUID, *, team: UUID | None = None) -> User:
    """Put somebody into a team, or into none: rights that go as far as a team go as far as this one."""
    with change(User, user_id, by=actor, using="workspace.user.set_team") as user:
        for one in (user.team_id, team):
            require_roles_within(actor, user.roles, team=one)
        user.team_id = team
    return user


@operation("workspace.user.set_password", human_only="changes a secret")
def set_password(actor: Actor, user_id: UUID, *, password: Password) -> User:
    """Give somebody a new password; whatever was signed in or runs in their name is out."""
    with change(User, user_id, by=actor, using="workspace.user.set_password") as user:
        require_roles_within(actor, user.roles, team=user.team_id)
        user.password, user.password_set_at = _hashed(password), now()
        user.access_ended_at, user.link_made_at = user.password_set_at, None
    return user


@operation(MAKE_LINK, human_only="gives somebody access")
def make_link(actor: Actor, user_id: UUID) -> WayIn:
    """Make the link by which somebody chooses a password: good once, for some days; one made before holds no more."""
    with change(User, user_id, by=actor, using=MAKE_LINK) as user:
        if user.archived_at:
            raise Conflict("user.left", name=user.name)
        require_may_let_in(actor, user)
        user.link_made_at = now()
    return way_in(Mark(user_id=user.pk, by=actor.id, made_at=user.link_made_at))


def choose_password(mark: Mark, *, password: str) -> User:
    """Let whom a link was made for choose a password; what was signed in is out, and the link is used up."""
    with change(User, mark.user_id, by=SYSTEM, using=MAKE_LINK) as user:
        require_good(mark, user)
        user.password, user.password_set_at, user.link_made_at = _hashed(password), now(), None
    return user


@operation("workspace.user.change_own", human_only="concerns the person alone")
def change_own(
    actor: Actor,
    *,
    name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    theme: str | None = None,
) -> User:
    """Change one's own name, language, zone or theme."""
    if actor.id is None:
        raise NotFound("record.not_found", record="workspace.user", id="-")
    with change(User, actor.id, by=actor, using="workspace.user.change_own") as user:
        given = {"name": name, "language": language, "zone": zone, "theme": theme}
        for field, value in given.items():
            if value is not None:
                setattr(user, field, value)
    return user


def change_password(actor: Actor, *, password: str, old_password: str) -> User:
    """Give oneself a new password by the old one; other sessions end. No operation: what is wrong counts for good."""
    if actor.kind != "user" or actor.id is None:
        raise Forbidden("user.password_by_person")
    OLD_PASSWORDS.take(actor.id)
    known = User.objects.get(pk=actor.id)
    if not check_password(old_password, known.password):
        wrong = Invalid("user.wrong_old_password")
        raise Invalid("record.invalid", fields={"old_password": wrong}, record="workspace.user")
    OLD_PASSWORDS.forget(actor.id)
    with change(User, actor.id, by=actor, using="workspace.user.change_own") as user:
        user.password, user.password_set_at, user.link_made_at = _hashed(password), now(), None
    return user


@operation("workspace.user.archive", human_only="takes access away", asks=True)
def archive_user(actor: Actor, user_id: UUID) -> User:
    """Let somebody in no more; what they did stays."""
    with change(User, user_id, by=actor, using="workspace.user.archive") as user:
        require_roles_within(actor, user.roles, team=user.team_id)
        _require_another_owner(user)
        user.archived_at = user.password_set_at = user.access_ended_at = now()
        user.link_made_at = None
    return user


@operation("workspace.user.restore", human_only="gives somebody access")
def restore_user(actor: Actor, user_id: UUID) -> User:
    """Let somebody in again who was archived."""
    with change(User, user_id, by=actor, using="workspace.user.restore") as user:
        require_roles_within(actor, user.roles, team=user.team_id)
        user.archived_at = None
    return user


def require_above(actor: Actor, user: User) -> None:
    """Refuse power over somebody who has rights that one has not."""
    require_roles_within(actor, user.roles, team=user.team_id)


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("user.password_too_short", least=SHORTEST_PASSWORD)
    return make_password(password)


def _require_known(roles: list[str]) -> None:
    known = sorted(Role.objects.values_list("key", flat=True))
    for missing in set(roles) - set(known):
        raise Unknown("role.unknown", missing, known, role=missing)


def _require_another_owner(user: User) -> None:
    """Refuse to leave the house without an owner; two who leave at once are asked one after the other."""
    owners = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    ids = list(owners.filter(roles__contains=["owner"], archived_at=None).values_list("pk", flat=True))
    if ids == [user.pk]:
        raise Conflict("user.last_owner")
