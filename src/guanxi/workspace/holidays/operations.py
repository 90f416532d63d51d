"""The verbs of days off."""

from datetime import date
from uuid import UUID

from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.removals import remove
from guanxi.kernel.settings import choose
from guanxi.kernel.time import today
from guanxi.kernel.writes import change, create
from guanxi.workspace.company.operations import ZONE
from guanxi.workspace.holidays import rules
from guanxi.workspace.holidays.models import Holiday
from guanxi.workspace.holidays.queries import CALENDAR, CHOOSE

PUT, REMOVE = "workspace.holiday.put", "workspace.holiday.remove"


@operation(PUT)
def put_holiday(actor: Actor, *, day: date, name: str, works: bool = False) -> Holiday:
    """Say that the company has a day off or works it, whatever the calendar says; a day is said once."""
    rules.require_to_come(day, today(ZONE.get()))
    known = Holiday.objects.filter(day=day).first()
    if known is None:
        return create(actor, Holiday, using=PUT, day=day, name=name.strip(), works=works)
    with change(Holiday, known.pk, by=actor, using=PUT) as holiday:
        holiday.name, holiday.works = name.strip(), works
    return holiday


@operation(REMOVE)
def remove_holiday(actor: Actor, holiday_id: UUID) -> None:
    """Let the calendar of the country say again what a day is."""
    rules.require_to_come(get(actor, Holiday, holiday_id, using=REMOVE).day, today(ZONE.get()))
    remove(actor, Holiday, holiday_id, using=REMOVE)


@operation(CHOOSE)
def choose_calendar(actor: Actor, *, calendar: str) -> None:
    """Choose whose public holidays count: a country (CN, GB-SCT), none, or nothing for the company's own country."""
    rules.require_calendar(calendar)
    choose(actor, CALENDAR.name, calendar)
