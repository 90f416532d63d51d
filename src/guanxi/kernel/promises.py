"""What was promised of the cases of a figure: each is held to what held when it began."""

from collections.abc import Callable, Sequence

from django.db.models import Case, FloatField, Q, TextField, Value, When

from guanxi.kernel import settings
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.models import CLOCK, SettingValue
from guanxi.kernel.records import RecordType


def ever(standard: str) -> list[SettingValue]:
    """All that was ever promised: scoped promises before general ones, of each the latest first."""
    return sorted(settings.history(standard), key=lambda value: (value.scope is None, -value.valid_from.timestamp()))


def by_calendar(promised: Sequence[SettingValue]) -> list[SettingValue]:
    """Those that are counted in office hours or working days."""
    return [value for value in promised if value.counted_in != CLOCK]


def held(value: SettingValue, at: str, record: RecordType, zone: str) -> Q:
    """The cases of which a promise held: those that began under it, within its scope."""
    begun = Q(**{f"{at}__gte": value.valid_from})
    if value.valid_to:
        begun &= Q(**{f"{at}__lt": value.valid_to})
    return begun & compiled(SYSTEM, value.scope, record, zone=zone)


def by_case(
    default: float, promised: Sequence[SettingValue], held: Callable[[SettingValue], Q], *, size: int
) -> tuple[Case, Case]:
    """Of each case the limit in seconds, of which its unit has `size`, and how it is counted."""
    arms = [(held(value), value) for value in promised]
    limits = [When(when, then=Value(float(value.value * size))) for when, value in arms]
    counted = [When(when, then=Value(value.counted_in)) for when, value in arms]
    limit = Case(*limits, default=Value(float(default * size)), output_field=FloatField())
    return limit, Case(*counted, default=Value(CLOCK), output_field=TextField())
