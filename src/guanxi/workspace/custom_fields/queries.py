"""Which nouns take fields of the company, and where one is in use."""

from typing import Any

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import CustomField
from guanxi.kernel.records import RecordType, records
from guanxi.kernel.rows import labels
from guanxi.kernel.uses import Use, naming
from guanxi.kernel.words import say
from guanxi.lib.errors import Unknown


def extensible() -> dict[str, RecordType]:
    """The nouns to which the company may add fields, by plural."""
    return {record.plural: record for record in records().values() if record.extensible}


def of_noun(plural: str) -> RecordType:
    """One of them."""
    known = extensible()
    if plural not in known:
        raise Unknown("custom_field.unknown_noun", plural, known, noun=plural)
    return known[plural]


def called(record: RecordType, language: str, *, but: CustomField | None = None) -> list[str]:
    """What the fields of a noun are called, archived ones included."""
    own = [say(record.message(name), language) for name in record.declared]
    added = CustomField.objects.filter(noun=record.name)
    return own + list((added.exclude(pk=but.pk) if but else added).values_list("label", flat=True))


def with_choice(field: CustomField, choice: str) -> int:
    """How many records have chosen something."""
    record = next(one for one in extensible().values() if one.name == field.noun)
    model: Any = record.model
    return int(model._default_manager.filter(custom__contains={field.name: choice}).count())


def uses_of(actor: Actor, field: CustomField) -> tuple[list[Use], int]:
    """The living records that name a field in conditions or blanks, as far as they are seen, and how many are not."""
    seen: list[Use] = []
    hidden = 0
    for record, ids in naming(field.name):
        theirs = set(visible_to(actor, record.model).filter(pk__among=ids).values_list("pk", flat=True))
        called = labels(actor, record, theirs)
        seen += [Use(record=record, id=id, label=str(called.get(id, ""))) for id in ids if id in theirs]
        hidden += len(ids) - len(theirs)
    return seen, hidden
