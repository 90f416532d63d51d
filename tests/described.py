"""The interface as it describes itself, and the smallest request that fits a description."""

from typing import Any
from uuid import uuid4

from guanxi.app.urls import interface

Schema = dict[str, Any]
DESCRIBED = interface.get_openapi_schema()


def smallest(schema: Schema) -> Any:
    """Some value of a schema."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return smallest(schema["anyOf"][0])
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        return {name: smallest(schema["properties"][name]) for name in schema.get("required", ())}
    formats = {"uuid": str(uuid4()), "date": "2026-01-02", "date-time": "2026-01-02T10:00:00Z"}
    kinds = {"string": "text", "integer": 1, "number": 1, "boolean": True, "array": []}
    return formats.get(schema.get("format", ""), kinds.get(schema.get("type", "")))


def resolved(schema: Schema) -> Schema:
    """A schema with its reference followed."""
    return DESCRIBED["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
