"""How far roles reach, compared with what somebody has."""

from collections.abc import Iterable, Iterator, Mapping

from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.measures import measures
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.lib.errors import Conflict
from guanxi.workspace.roles.models import Role

GENERIC = ("read", "create", "change", "archive")


def permissions() -> Iterator[str]:
    """Every right there is."""
    yield from (f"{noun}.{verb}" for noun in records() for verb in GENERIC)
    yield from operations()
    yield from measures()
    yield "kernel.undo"


def require_within(actor: Actor, grants: Mapping[str, int]) -> None:
    """Refuse rights that go further than the actor's own, one by one: `*` of somebody with exceptions is not all."""
    given = Actor(kind="user", grants={name: Reach(reach) for name, reach in grants.items()})
    for permission in (*grants, *permissions()):
        if actor.reach(permission) < given.reach(permission):
            raise Conflict("role.above_own", permission=permission)


def require_roles_within(actor: Actor, keys: Iterable[str]) -> None:
    """Refuse to give, or to have power over, roles that go further than the actor's own."""
    for grants in Role.objects.filter(key__in=list(keys)).values_list("grants", flat=True):
        require_within(actor, grants)
