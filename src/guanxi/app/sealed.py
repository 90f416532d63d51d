"""All that is kept sealed, wherever it stands: by which keys, and sealing it anew when the key is another."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from guanxi.kernel.custom import COLUMN, Definition
from guanxi.kernel.fields import SecretField
from guanxi.kernel.models import CustomField, HistoryEntry
from guanxi.kernel.records import RecordType, of_name, records
from guanxi.kernel.secrets import key_id, keys, seal, sealed_by, unseal
from guanxi.kernel.sensitive import Sealed, SensitiveField
from guanxi.lib.errors import Unavailable

BATCH = 1000
Again = Callable[[Any], Any]
"""A value sealed anew, or as it is where that is done already or cannot be."""


def by_key() -> dict[str, Counter[str]]:
    """How many values of each field each key has sealed, by the name of the key; before keys had names it was ""."""
    found: dict[str, Counter[str]] = {}
    for model, field in _fields():
        rows = model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
        named = (one.key if isinstance(one, Sealed) else sealed_by(one) for one in rows.iterator())
        found[f"{model._meta.label_lower}.{field.name}"] = Counter(name for name in named if name is not None)
    for record, field in _added():
        kept = _having(record, field).values_list(COLUMN, flat=True)
        found[f"{record.name}.{field.name}"] = Counter(Sealed(one[field.name]).key for one in kept.iterator())
    return found


def lost() -> dict[str, int]:
    """How many values of each field no key of the house opens."""
    known = {"", *map(key_id, keys())}
    counted = {name: sum(n for key, n in of.items() if key not in known) for name, of in by_key().items()}
    return {name: n for name, n in counted.items() if n}


def anew() -> int:
    """Seal with the newest key what older ones have sealed, history too. Returns how many rows were written."""
    written = 0
    for model, field in _fields():
        again: Again = _sensitive_anew(field) if isinstance(field, SensitiveField) else _secret_anew
        rows = model._default_manager.exclude(**{field.name: ""}).only("pk", field.name)
        written += _put_anew(rows, field.name, _of_row(field.name, again))
    closed = {(record.name, f.name) for record in records().values() for f in _closed(record.own.values())}
    closed |= {(record.name, field.name) for record, field in _added()}
    for record, field in _added():
        written += _put_anew(_having(record, field), COLUMN, _of_added(field))
    if closed:
        past = reduce(or_, (Q(record=noun, diff__has_key=name) for noun, name in closed))
        written += _put_anew(HistoryEntry.objects.filter(past), "diff", partial(_past_anew, added=list(_added())))
    return written


def _fields() -> Iterator[tuple[type[models.Model], "models.Field[Any, Any]"]]:
    for model in apps.get_models():
        yield from ((model, f) for f in model._meta.concrete_fields if isinstance(f, SensitiveField | SecretField))


def _added() -> Iterator[tuple[RecordType, SensitiveField]]:
    """The sensitive fields that the company added, archived ones too: they come back with their values."""
    for one in CustomField.objects.filter(kind="sensitive"):
        stored = Definition(noun=one.noun, name=one.name, label=one.label, kind="sensitive").stored
        assert isinstance(stored, SensitiveField)
        yield of_name(one.noun), stored


def _having(record: RecordType, field: SensitiveField) -> "models.QuerySet[Any]":
    return record.model._default_manager.filter(**{f"{COLUMN}__has_key": field.name})


def _closed(fields: Any) -> list[Any]:
    return [field for field in fields if field.kind == "sensitive"]


def _put_anew(rows: "models.QuerySet[Any]", name: str, again: Again) -> int:
    """Batch by batch in the order of keys, each held while it is written: people go on working."""
    written, last = 0, None
    while True:
        with transaction.atomic():
            after = rows.filter(pk__gt=last) if last else rows
            some = list(after.order_by("pk").select_for_update(of=("self",))[:BATCH])
            fresh = [(row, value) for row in some if (value := again(row)) != getattr(row, name)]
            for row, value in fresh:
                setattr(row, name, value)
            rows.model._default_manager.bulk_update([row for row, _ in fresh], [name])
        written += len(fresh)
        if len(some) < BATCH:
            return written
        last = some[-1].pk


def _of_row(name: str, again: Again) -> Again:
    return lambda row: again(getattr(row, name))


def _of_added(field: SensitiveField) -> Again:
    again = _sensitive_anew(field)
    return lambda row: {**row.custom, field.name: again(Sealed(row.custom[field.name]))}


def _sensitive_anew(field: SensitiveField) -> Again:
    def again(value: Sealed) -> Sealed:
        if value.key == key_id(keys()[0]):
            return value
        try:
            return field.sealed(value.opened())
        except Unavailable:
            return value

    return again


def _secret_anew(value: str) -> str:
    if sealed_by(value) in (None, key_id(keys()[0])):  # a password is hashed: nobody opens it, nobody seals it anew
        return value
    try:
        return seal(unseal(value))
    except Unavailable:
        return value


def _past_anew(entry: HistoryEntry, *, added: Sequence[tuple[RecordType, SensitiveField]]) -> dict[str, Any]:
    """What history keeps of before, sealed anew where it is sensitive."""
    closed = {field.name: _sensitive_anew(field.stored) for field in _closed(of_name(entry.record).own.values())}
    closed |= {field.name: _sensitive_anew(field) for record, field in added if record.name == entry.record}

    def again(name: str, value: Any) -> Any:
        kept = Sealed.of(value) if name in closed and isinstance(value, str) else None
        return str(closed[name](kept)) if kept else value

    return {name: [again(name, one) for one in pair] for name, pair in entry.diff.items()}
