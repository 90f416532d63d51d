"""The verbs of office hours."""

from pydantic import BaseModel, ConfigDict

from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.settings import choose
from guanxi.workspace.office_hours import rules
from guanxi.workspace.office_hours.queries import CHOOSE, WEEK


class Stretch(BaseModel):
    """A stretch of a day when the office is open; 00:00 closes at midnight."""

    model_config = ConfigDict(extra="forbid")

    opens: str
    closes: str


@operation(CHOOSE, human_only="changes when promises fall due")
def choose_office_hours(actor: Actor, *, week: list[list[Stretch]]) -> None:
    """Say when the office is open, day by day from Monday; it holds from now on, past hours stay as they were."""
    rules.require_week(week)
    choose(actor, WEEK.name, [[one.model_dump() for one in day] for day in week])
