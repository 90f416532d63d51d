"""The verbs of roles."""

from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Invalid
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.queries import require_within


@operation("workspace.role.put", human_only="changes what people may do")
def put_role(actor: Actor, *, key: str, name: str, grants: dict[str, int]) -> Role:
    """Write a role under its key, new or as it shall be from now on."""
    for permission, reach in grants.items():
        if reach not in [r.value for r in Reach]:
            raise Invalid("role.wrong_reach", permission=permission, reach=reach)
    require_within(actor, grants)
    known = Role.objects.filter(key=key).first()
    if known is None:
        return create(actor, Role, using="workspace.role.put", key=key, name=name, grants=grants)
    require_within(actor, known.grants)
    with change(Role, known.pk, by=actor, using="workspace.role.put") as role:
        role.name, role.grants = name, grants
    return role
