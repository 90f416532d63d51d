"""The parts of a record written as a whole, such as the lines of a document: what is said of all of them at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.kernel.access import require_readable
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Row
from guanxi.kernel.records import type_of
from guanxi.kernel.removals import remove
from guanxi.kernel.writes import change_many, create_many
from guanxi.lib.errors import Invalid, NotFound

Part = tuple[UUID | None, Mapping[str, Any]]
"""Which part of those that are there, or none for a new one, and its values by column."""


@transaction.atomic
def write_parts(actor: Actor, model: type[Row], whole: Row, said: Sequence[Part], *, using: str) -> bool:
    """Change the parts of a record that are named, add those that are new, remove those of which nothing is said.

    Returns whether any of it was something else before. The caller is changing the record, which has a new version
    then; what each part was before stands in its history, and an undo brings it back.
    """
    kind = type_of(model)
    columns = {column for _, values in said for column in values}
    # Who sees a mask where a value stands would say the mask.
    require_readable(actor, kind, *(field.name for field in kind.fields.values() if field.column in columns))
    through = kind.fields[str(kind.seen_with)].column
    there = dict(model._default_manager.filter(**{through: whole.pk}).values_list("pk", "version"))
    kept = {id: values for id, values in said if id}
    for unknown in kept.keys() - there.keys():
        raise NotFound("record.not_found", record=kind.name, id=str(unknown))
    new = [{through: whole.pk, **values} for id, values in said if not id]
    if len(kept) + len(new) < len(said):
        raise Invalid("record.part_said_twice", record=kind.name)
    gone = sorted(there.keys() - kept.keys())
    if gone:
        remove(actor, model, *gone, using=using)
    rows = change_many(actor, model, kept, using=using) if kept else []
    create_many(actor, model, new, using=using)
    changed = bool(gone or new or any(row.version != there[row.pk] for row in rows))
    if changed:
        whole.changes_in_part()
    return changed
