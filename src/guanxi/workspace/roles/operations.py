"""The verbs of roles."""

from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid
from guanxi.workspace.roles.models import Role


@operation("workspace.role.put", human_only="changes what people may do")
def put_role(actor: Actor, *, key: str, name: str, grants: dict[str, int]) -> Role:
    """Write a role under its key, new or as it shall be from now on."""
    for permission, reach in grants.items():
        if reach not in [r.value for r in Reach]:
            raise Invalid("role.wrong_reach", permission=permission, reach=reach)
        if actor.reach(permission) < reach:
            raise Conflict("role.above_own", permission=permission)
    known = Role.objects.filter(key=key).first()
    if known is None:
        return create(actor, Role, using="workspace.role.put", key=key, name=name, grants=grants)
    with change(Role, known.pk, by=actor, using="workspace.role.put") as role:
        role.name, role.grants = name, grants
    return role
