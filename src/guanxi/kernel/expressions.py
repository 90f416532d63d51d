"""Which fields an expression reads, wherever they stand in it: what a figure is worked out of."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode

from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, beside, of_name, type_of


def fields_read(rows: QuerySet[Any], expression: Any) -> Iterator[tuple[RecordType, str]]:
    """The fields that an expression over some rows reads."""
    if expression is None:
        return
    resolved = expression.resolve_expression(rows.query.clone(), allow_joins=True)
    for part in _parts(resolved):
        if not isinstance(part, Col) or not isinstance(part.target.model, type):
            continue
        if kept_beside := beside(part.target.model):
            yield of_name(kept_beside.of), part.target.name
        elif issubclass(part.target.model, Row):
            yield type_of(part.target.model), part.target.name


def _parts(expression: Any) -> Iterator[Any]:
    """All that an expression is made of, the rows it looks at elsewhere included."""
    for part in expression.flatten():
        yield part
        if isinstance(part, WhereNode):  # the condition of a When, into which Django does not look itself
            for inner in _conditions(part):
                yield from _parts(inner)
        if isinstance(part, Query):
            for inner in (*part.select, *part.annotations.values(), *_conditions(part.where)):
                yield from _parts(inner)


def _conditions(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", ()):
        if isinstance(child, WhereNode):
            yield from _conditions(child)
        elif hasattr(child, "flatten"):
            yield child
