"""Which values their fields do not take; those they do take are brought into the form in which they are kept."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from guanxi.kernel.custom import added_to, as_kept
from guanxi.kernel.records import RecordType
from guanxi.lib.errors import Invalid, Problem
from guanxi.lib.moments import speakable

NONE: Mapping[str, Any] = MappingProxyType({})


def unfit(fields: "Iterable[models.Field[Any, Any]]", values: dict[str, Any]) -> dict[str, Problem]:
    """Which values, by column, their fields do not take, by field; those they do take are brought into their form."""
    wrong: dict[str, Problem] = {}
    for f in fields:
        value = values[f.attname]
        if f.blank and value in f.empty_values:
            continue
        try:
            values[f.attname] = f.clean(value, None)
            if value is not None and isinstance(f, models.DateField) and not speakable(values[f.attname]):
                raise ValidationError("", code="out_of_time")
        except ValidationError as problem:
            first = problem.error_list[0]
            told = {"field": f.name, **_plain_values(first.params)}
            wrong[f.name] = Invalid(f"field.{first.code or 'invalid'}", values=told)
    return wrong


def fitting(
    kind: RecordType, given: Mapping[str, Any], before: Mapping[str, Any] = NONE
) -> tuple[dict[str, Any], dict[str, Problem]]:
    """Values of fields that the company added as they are kept, and which of those that differ their fields refuse."""
    known = added_to(kind.name)
    fresh = {name: one for name, one in known.items() if given.get(name) != before.get(name)}
    values = {name: one.value({}) if (v := given.get(name)) in (None, "") else v for name, one in fresh.items()}
    wrong: dict[str, Problem] = {n: Invalid("field.invalid") for n, v in values.items() if isinstance(v, dict | list)}
    wrong |= unfit((one.stored for name, one in fresh.items() if name not in wrong), values)
    kept = {name: as_kept(value) for name, value in values.items() if name not in wrong and value not in (None, "")}
    kept |= {n: before[n] for n in kept.keys() & before.keys() if not fresh[n].differs(before, given[n])}
    return {name: value for name, value in given.items() if name not in fresh} | kept, wrong


def _plain_values(values: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in (values or {}).items() if k not in ("field", "code")}
