"""The company of the bench: 200 teams, 20 roles, 30 fields of its own, and people who see little or much of it."""

from uuid import UUID

from django.db import connection

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import CustomField
from guanxi.kernel.writes import create_many
from guanxi.workspace.custom_fields.operations import add_field
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.teams.models import Team
from guanxi.workspace.tokens.operations import create_token
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import invite_user

REGIONS, LEAVES, ROLES = 8, 192, 20
REACHES = ("own", "team", "branch", "all")
"""How much the people see who are measured: 0.05 %, 0.5 %, 12.5 % and all of the customers."""
KINDS = (*["text"] * 11, *["choice"] * 6, *["integer"] * 4, *["decimal"] * 4, *["boolean"] * 2, *["date"] * 3)
PASSWORD = "correct horse battery"
_VALUES = {
    "text": "'Something said of no. ' || n % 1000",
    "choice": "'Choice ' || n % 5",
    "integer": "n % 100",
    "decimal": "(n % 1000)::text || '.5'",
    "boolean": "n % 3 = 0",
    "date": "(date '2024-01-01' + n % 1000)::text",
}
_SPREAD = """
UPDATE customers_customer c
SET team_id = (%(leaves)s::uuid[])[1 + n %% %(many)s], owner_id = CASE WHEN n %% 2000 = 7 THEN %(own)s::uuid END,
    custom = jsonb_build_object({custom})
FROM (SELECT id AS of, substring(key FROM 2)::int AS n FROM customers_customer
      WHERE key ~ '^B[0-9]+$' AND custom = '{{}}') given
WHERE c.id = given.of
"""


def organise() -> dict[str, str]:
    """Make the company where it is not there yet, and spread the customers over it; tokens of those measured."""
    if not CustomField.objects.exists():
        _add_fields()
        _add_people()
    people = {user.name: user for user in User.objects.filter(name__in=REACHES)}
    _spread(people["own"].pk)
    return {name: create_token(SYSTEM, name="bench", email=people[name].email) for name in REACHES}


def scope(who: str) -> tuple[UUID, list[UUID]]:
    """Who somebody is, and the teams whose customers they see."""
    user = User.objects.get(name=who)
    own = [user.team_id] if who in ("team", "branch") else []
    below = Team.objects.filter(parent=user.team_id).values_list("pk", flat=True) if who == "branch" else []
    return user.pk, [*own, *below]


def _add_fields() -> None:
    for n, kind in enumerate(KINDS):
        choices = [f"Choice {one}" for one in range(5)] if kind == "choice" else None
        add_field(SYSTEM, noun="customers", label=f"Own {n}", kind=kind, choices=choices)  # type: ignore[arg-type]


def _add_people() -> None:
    """Each of the measured has five of the twenty roles; one of these says how far they see customers."""
    for n in range(ROLES - len(REACHES)):
        put_role(
            SYSTEM, key=f"role-{n}", name=f"Role {n}", grants={"workspace.todo.*": 1, "commerce.order.read": n % 4}
        )
    regions = create_many(SYSTEM, Team, [{"name": f"Region {n}"} for n in range(REGIONS)])
    leaves = [{"name": f"Team {n}", "parent_id": regions[n * REGIONS // LEAVES].pk} for n in range(LEAVES)]
    teams = {"own": None, "team": create_many(SYSTEM, Team, leaves)[5].pk, "branch": regions[0].pk, "all": None}
    for reach, name in enumerate(REACHES, start=1):
        put_role(SYSTEM, key=name, name=name, grants={"customers.*": reach, "workspace.user.read": 4})
        roles = [name, *(f"role-{4 * reach + n - 4}" for n in range(4))]
        invite_user(SYSTEM, name=name, email=f"{name}@guanxi.test", roles=roles, team=teams[name], password=PASSWORD)


def _spread(own: UUID) -> None:
    """Give every customer a team, some an owner, and a value in each field: by one statement, or none."""
    leaves = list(Team.objects.filter(parent__isnull=False).order_by("name").values_list("pk", flat=True))
    fields = CustomField.objects.order_by("created_at", "pk").values_list("name", "kind")
    custom = ", ".join(f"'{name}', {_VALUES[kind]}" for name, kind in fields).replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD.format(custom=custom), {"leaves": leaves, "many": len(leaves), "own": own})
        if cursor.rowcount > 0:
            cursor.execute("VACUUM ANALYZE customers_customer")
