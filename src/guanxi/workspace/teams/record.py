"""How teams appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.teams.models import Team

TEAM = register(
    RecordType(
        model=Team,
        name="workspace.team",
        plural="teams",
        writable=("name", "parent"),
        columns=("name", "parent"),
        sort="name",
        parents={"parent": "teams_below"},
    )
)
