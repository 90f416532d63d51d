"""Questions about people who work here: whom a file means."""

from collections.abc import Collection, Mapping
from uuid import UUID

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Problem
from guanxi.workspace.users.models import User
from guanxi.workspace.users.rules import Called, meant


def meant_by(actor: Actor, said: Collection[str]) -> Mapping[str, UUID | Problem]:
    """Whom names and addresses mean among the colleagues whom the actor sees, in one statement."""
    if not said:
        return {}
    rows = visible_to(actor, User).values_list("pk", "name", "email", "archived_at").order_by("pk")
    return meant(said, [Called(id=id, name=name, email=email, left=bool(left)) for id, name, email, left in rows])
