"""How the cases of a figure are put into groups: by time, or by a dimension of it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce

from guanxi.lib.errors import Unknown

PERIODS = ("day", "week", "month", "quarter", "year")
BESIDE = ","
"""Between two dimensions that a figure is split by at once: `channel,strategy`."""
HOURS = ("hour", "weekday", "hour_of_week")
_LOCAL = {
    "hour": "date_part('hour', %(expressions)s)::int",
    "weekday": "date_part('isodow', %(expressions)s)::int",
    # Hours since a Monday long before anybody wrote anything down.
    "hour_of_week": "mod(floor(date_part('epoch', %(expressions)s) / 3600)::bigint + 16800072, 168)",
}


def group_of(by: str, at: str, dimensions: Mapping[str, str], zone: str) -> Any:
    """Which group a row belongs to: by its hour or period in a zone, or by a dimension."""
    if by in PERIODS:
        return Func(Value(by), F(at), Value(zone), function="date_trunc", output_field=DateTimeField())
    if by in HOURS:
        local = {"template": _LOCAL[by], "arg_joiner": " AT TIME ZONE "}
        return Func(F(at), Value(zone), output_field=BigIntegerField(), **local)
    if BESIDE in by and by not in dimensions:
        return _pair(tuple(_dimension(one, dimensions) for one in dimensions_of(by)))
    return _dimension(by, dimensions)


def dimensions_of(by: str) -> tuple[str, ...]:
    """The dimensions a figure is split by: one, or two beside each other."""
    return tuple(by.split(BESIDE, 1))


def _dimension(by: str, dimensions: Mapping[str, str]) -> F:
    if by not in dimensions:
        known = [*dimensions, *PERIODS, *HOURS]
        raise Unknown("measure.unknown_dimension", by, known, dimension=by)
    return F(dimensions[by])


def _pair(keys: tuple[Any, ...]) -> Func:
    """Both keys as one text, in the order they were asked for; an empty one has no letters."""
    plain = [Coalesce(Cast(key, TextField()), Value("")) for key in keys]
    return Func(*plain, template="(%(expressions)s)", arg_joiner=f" || '{BESIDE}' || ", output_field=TextField())
