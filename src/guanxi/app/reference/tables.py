"""How a page is laid out: tables of Markdown, and the types of inputs in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
FORMATS = {"uuid": "id", "date": "day", "date-time": "moment"}
KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "object": "object"}


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, with an empty one behind it."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in row)} |"
    yield ""


def code(text: object) -> str:
    """Something as it is written in a program; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def listed(names: Iterable[object]) -> str:
    """Names one after the other."""
    return ", ".join(map(code, names))


def kind_of(schema: Schema, known: Schema) -> str:
    """What has to be given, in words."""
    if "$ref" in schema:
        return kind_of(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        kinds = dict.fromkeys(kind_of(one, known) for one in schema["anyOf"] if one.get("type") != "null")
        return "number" if "number" in kinds else " or ".join(kinds)
    if "enum" in schema or "const" in schema:
        return " or ".join(code(one) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}), known)}"
    if schema.get("properties"):
        return f"{{{inputs(schema, known)}}}"
    return FORMATS.get(schema.get("format", ""), KINDS.get(schema.get("type", ""), "anything"))


def inputs(schema: Schema, known: Schema) -> str:
    """What has to be told, what must be told in bold."""
    needed = schema.get("required", ())
    parts = schema.get("properties", {}).items()
    told = ((f"**{name}**" if name in needed else name, kind_of(one, known)) for name, one in parts)
    return ", ".join(f"{name} {kind}" for name, kind in told)
