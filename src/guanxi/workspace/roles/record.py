"""How roles appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.roles import operations
from guanxi.workspace.roles.models import Role

ROLE = register(
    RecordType(
        model=Role,
        name="workspace.role",
        plural="roles",
        readonly=("key", "name", "grants", "fields"),
        columns=("name", "key"),
        sort="name",
        create="never",
        power=operations.require_above,
    )
)
