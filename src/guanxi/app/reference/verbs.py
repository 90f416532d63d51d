"""The page of verbs: what each does and has to be told."""

from collections.abc import Iterator
from itertools import groupby

from guanxi.app.reference.tables import code, inputs, table
from guanxi.kernel.operations import Operation, operations
from guanxi.kernel.records import records
from guanxi.kernel.words import FALLBACK, say


def page() -> Iterator[str]:
    """Every verb, by the noun it belongs to."""
    yield "# Operations"
    yield ""
    yield (
        "The name of a verb is the right to it. What it has to be told stands in bold; it is sent as a JSON object by"
        " `POST` to the address. Journeys use the same names; what is for people only says why."
    )
    yield ""
    known = sorted(operations().values(), key=lambda one: one.name)
    for noun, verbs in groupby(known, key=lambda one: one.noun):
        yield f"## {say(f'{noun}.many', FALLBACK) if noun in records() else noun}"
        yield ""
        yield from table(("verb", "called", "what it does", "is told", "address", "for people only"), map(_verb, verbs))


def _verb(operation: Operation) -> tuple[str, ...]:
    schema = operation.input.model_json_schema()
    told = inputs(schema, schema.get("$defs", {}))
    called, does = say(operation.name, FALLBACK), say(f"{operation.name}.help", FALLBACK)
    asks = " Asks before it is done." if operation.asks else ""
    return code(operation.name), called, does + asks, told, code(_address(operation)), operation.human_only


def _address(operation: Operation) -> str:
    noun = records().get(operation.noun)
    place = noun.plural if noun else operation.noun.rpartition(".")[2]
    if noun and operation.function is noun.create:
        return f"/api/{place}"
    return f"/api/{place}{'/{id}' if operation.subject else ''}/{operation.verb}"
