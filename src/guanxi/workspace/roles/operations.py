"""The verbs of roles."""

from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Invalid
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.queries import require_fields, require_within


@operation("workspace.role.put", human_only="changes what people may do")
def put_role(
    actor: Actor, *, key: str, name: str, grants: dict[str, int], fields: dict[str, int] | None = None
) -> Role:
    """Write a role under its key, new or as it shall be from now on; its fields stay as they are if not given."""
    for permission, reach in grants.items():
        if reach not in [r.value for r in Reach]:
            raise Invalid("role.wrong_reach", permission=permission, reach=reach)
    require_fields(fields or {})
    known = Role.objects.filter(key=key).first()
    narrow = fields if fields is not None else known.fields if known else {}
    require_within(actor, grants, narrow)
    if known is None:
        return create(actor, Role, using="workspace.role.put", key=key, name=name, grants=grants, fields=narrow)
    with change(Role, known.pk, by=actor, using="workspace.role.put") as role:
        role.name, role.grants, role.fields = name, grants, narrow
    return role


def require_above(actor: Actor, role: Role) -> None:
    """Refuse power over a role that goes further than one's own."""
    require_within(actor, role.grants, role.fields)
