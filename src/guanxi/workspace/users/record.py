"""How people who work here appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.users import operations
from guanxi.workspace.users.models import User

USER = register(
    RecordType(
        model=User,
        name="workspace.user",
        plural="users",
        writable=("name", "language", "zone"),
        readonly=("email", "team", "roles", "theme"),
        columns=("name", "email", "roles", "team"),
        sort="name",
        search={"name": "name", "email": "email"},
        parents={"team": "members"},
        create=operations.invite_user,
        power=operations.require_above,
        personal={"name": "replace", "email": "replace"},
    )
)
