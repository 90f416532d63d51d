"""The verbs of fields that the company adds."""

from typing import Literal
from uuid import UUID

from guanxi.kernel import custom
from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import CustomField
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict
from guanxi.workspace.custom_fields import queries, rules

ADD, EDIT, ARCHIVE, RESTORE = (f"workspace.custom_field.{verb}" for verb in ("add", "edit", "archive", "restore"))
WHY = "changes what every record is asked for"
Kind = Literal["text", "long_text", "choice", "integer", "decimal", "boolean", "date", "sensitive"]


@operation(ADD, human_only=WHY)
def add_field(
    actor: Actor, *, noun: str, label: str, kind: Kind = "text", choices: list[str] | None = None
) -> CustomField:
    """Add a field to customers, orders, products or tickets; from then on it is one like all others."""
    record = queries.of_noun(noun)
    known = CustomField.objects.filter(noun=record.name)
    if known.filter(archived_at=None).count() >= rules.MOST:
        raise Conflict("custom_field.too_many", most=rules.MOST)
    field = create(
        actor, CustomField, using=ADD, noun=record.name, kind=kind, choices=rules.choices_of(kind, choices or ()),
        label=rules.label_of(label, queries.called(record, actor.language)),
        name=rules.name_for(label, set(known.values_list("name", flat=True))),
    )  # fmt: skip
    custom.refresh()
    return field


@operation(EDIT, human_only=WHY)
def edit_field(actor: Actor, field_id: UUID, *, label: str, choices: list[str] | None = None) -> CustomField:
    """Call a field something else, or let other things be chosen; what some record has chosen stays a choice."""
    with change(CustomField, field_id, by=actor, using=EDIT) as field:
        record = next(one for one in queries.extensible().values() if one.name == field.noun)
        field.label = rules.label_of(label, queries.called(record, actor.language, but=field))
        if choices is not None:
            kept = rules.choices_of(field.kind, choices)
            for gone in (one for one in field.choices if one not in kept):
                if n := queries.with_choice(field, gone):
                    raise Conflict("custom_field.choice_in_use", choice=gone, n=n)
            field.choices = kept
    custom.refresh()
    return field


@operation(ARCHIVE, human_only=WHY)
def archive_field(actor: Actor, field_id: UUID) -> CustomField:
    """Show a field nowhere any more; its values stay, and come back with it."""
    seen, hidden = queries.uses_of(actor, get(actor, CustomField, field_id, using=ARCHIVE))
    if seen or hidden:
        raise Conflict("custom_field.in_use", uses=[one.label for one in seen], hidden=hidden or "")
    with change(CustomField, field_id, by=actor, using=ARCHIVE) as field:
        field.archived_at = now()
    custom.refresh()
    return field


@operation(RESTORE, human_only=WHY)
def restore_field(actor: Actor, field_id: UUID) -> CustomField:
    """Show an archived field again, with the values that it had."""
    with change(CustomField, field_id, by=actor, using=RESTORE) as field:
        field.archived_at = None
    custom.refresh()
    return field
