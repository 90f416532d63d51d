"""How far roles reach, compared with what somebody has."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from guanxi.kernel.access import grantable
from guanxi.kernel.actor import Actor, Level, Reach, granted
from guanxi.kernel.measures import measures
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.lib.errors import Conflict, Forbidden, Invalid, Unknown
from guanxi.workspace.roles.models import Role

GIVES_ACCESS = (
    "workspace.user.invite",
    "workspace.user.set_roles",
    "workspace.user.set_password",
    "workspace.user.make_link",
    "workspace.role.put",
)
GENERIC = ("read", "create", "change", "archive", "reveal")


def as_reach(grants: Mapping[str, int]) -> dict[str, Reach]:
    """Grants as they are kept, as the rights they mean."""
    return {name: Reach(reach) for name, reach in grants.items()}


def permissions() -> Iterator[str]:
    """Every right there is."""
    yield from (f"{noun}.{verb}" for noun in records() for verb in GENERIC)
    yield from operations()
    yield from measures()
    yield "kernel.undo"


def require_fields(fields: Mapping[str, int]) -> None:
    """Refuse to narrow what is no field, what cannot be narrowed, and to no level there is."""
    for name, level in fields.items():
        noun, _, field = name.rpartition(".")
        known = {f"{record.name}.{one}" for record in records().values() for one in grantable(record)}
        if name not in known:
            raise Unknown("role.unknown_field", name, known, record=noun, field=field)
        if level not in [one.value for one in Level]:
            raise Invalid("role.wrong_level", field=name, level=level)


def require_within(actor: Actor, grants: Mapping[str, int], fields: Mapping[str, int]) -> None:
    """Refuse rights that go further than the actor's own, one by one: `*` of somebody with exceptions is not all.

    Nor does a script give what gives access: whoever had its token for a day would have the house for good.
    """
    if actor.kind == "token" and any(granted(as_reach(grants), one) for one in GIVES_ACCESS):
        raise Forbidden("role.not_by_token")
    for name, level in actor.fields.items():
        if granted(as_reach(grants), f"{name.rpartition('.')[0]}.read") and fields.get(name, Level.WRITE) > level:
            raise Conflict("role.above_own", permission=name)
    given = Actor(kind="user", grants=as_reach(grants))
    for permission in (*grants, *permissions()):
        if actor.reach(permission) < given.reach(permission):
            raise Conflict("role.above_own", permission=permission)


def require_roles_within(actor: Actor, keys: Iterable[str], *, team: UUID | None) -> None:
    """Refuse to give, or to have power over, roles that go further than the actor's own, in a team that does."""
    for grants, fields in Role.objects.filter(key__in=list(keys)).values_list("grants", "fields"):
        require_within(actor, grants, fields)
        _require_team_within(actor, grants, team)


def _require_team_within(actor: Actor, grants: Mapping[str, int], team: UUID | None) -> None:
    """Refuse rights that go as far as a team where this is one that the actor's own do not reach."""
    if team is None:
        return
    given = Actor(kind="user", grants=as_reach(grants))
    teams = {Reach.BELOW: actor.below, Reach.TEAM: actor.teams}
    for permission in permissions():
        far = actor.reach(permission)
        if given.reach(permission) in teams and far < Reach.ALL and team not in teams.get(far, ()):
            raise Conflict("role.above_own", permission=permission)
