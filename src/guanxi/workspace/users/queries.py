"""Questions about people who work here: whom a file means, and who may let whom in."""

from collections.abc import Collection, Mapping
from uuid import UUID

from guanxi.kernel.access import get, visible_to
from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Problem
from guanxi.workspace.roles.queries import require_roles_within
from guanxi.workspace.users.models import User
from guanxi.workspace.users.rules import Called, meant

MAKE_LINK = "workspace.user.make_link"


def require_may_let_in(actor: Actor, user: User) -> None:
    """Refuse to let somebody in whom the actor has no power over; what that is may change while a link is under way."""
    actor.require(MAKE_LINK)
    get(actor, User, user.pk, using=MAKE_LINK)
    require_roles_within(actor, user.roles, team=user.team_id)


def meant_by(actor: Actor, said: Collection[str]) -> Mapping[str, UUID | Problem]:
    """Whom names and addresses mean among the colleagues whom the actor sees, in one statement."""
    if not said:
        return {}
    rows = visible_to(actor, User).values_list("pk", "name", "email", "archived_at").order_by("pk")
    return meant(said, [Called(id=id, name=name, email=email, left=bool(left)) for id, name, email, left in rows])
