"""The page of nouns: a table of fields for each."""

from collections.abc import Iterator

from guanxi.app.reference.tables import code, listed, table
from guanxi.kernel.operations import making
from guanxi.kernel.records import Field, RecordType, records, relations, type_of
from guanxi.kernel.words import FALLBACK, say

ERASED = {"replace": "replaced", "clear": "emptied"}


def page() -> Iterator[str]:
    """Every noun, by domain and name."""
    yield "# Records"
    yield ""
    yield (
        "A noun has its list at `/api/{plural}`, a record at `/api/{plural}/{id}`, with `/history` and `/timeline`"
        " below it. The right to see one is its name and `.read`."
    )
    yield ""
    for record in sorted(records().values(), key=lambda one: one.name):
        yield from _noun(record)


def _noun(record: RecordType) -> Iterator[str]:
    yield f"## {say(f'{record.name}.many', FALLBACK)}"
    yield ""
    yield f"{code(record.name)} at {code(f'/api/{record.plural}')}. {say(f'{record.name}.help', FALLBACK)}"
    yield ""
    yield from (f"* {said}" for said in _facts(record))
    yield ""
    yield from table(
        ("field", "called", "kind", "written by people", "when somebody is erased"),
        (_field(record, field) for field in record.declared.values()),
    )


def _facts(record: RecordType) -> Iterator[str]:
    named = making(record)
    if record.create == "never":
        yield "Nobody makes one by hand."
    else:
        yield f"Made by {code(named.name if named else f'{record.name}.create')}: `POST /api/{record.plural}`."
    if record.seen_with:
        yield f"Seen by whoever sees its {code(record.seen_with)}."
    if record.search:
        yield f"Found by {listed(record.search)}."
    if below := relations(record):
        yield "Below it: " + ", ".join(f"{code(name)} ({one.child.plural})" for name, one in below.items()) + "."


def _field(record: RecordType, field: Field) -> tuple[str, ...]:
    written = ("yes, needed" if field.required else "yes") if field.writable else ""
    if field.beside:
        written = f"no, {field.stored.model._meta.app_label} works it out"
    erased = record.personal.get(field.name, "")
    return (
        code(field.name), say(record.message(field.name), FALLBACK), _kind(field), written, ERASED.get(erased, erased),
    )  # fmt: skip


def _kind(field: Field) -> str:
    if field.to:
        return f"one of {type_of(field.to).plural}"
    kind = field.kind.replace("_", " ")
    return f"{kind}: {listed(field.choices)}" if field.kind == "choice" else kind
