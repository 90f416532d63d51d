"""The best SQL by hand for what is measured, prepared, on one open connection."""

from functools import cache
from pathlib import Path
from typing import Any

import psycopg


def execute(connection: "psycopg.Connection[Any]", name: str, values: dict[str, Any]) -> None:
    """Run the statements of a file in one transaction and fetch what they answer; a single one opens none."""
    wanted = statements(name)
    if len(wanted) == 1:
        _fetch(connection, wanted[0], values)
        return
    with connection.transaction():
        for statement in wanted:
            _fetch(connection, statement, values)


def _fetch(connection: "psycopg.Connection[Any]", statement: str, values: dict[str, Any]) -> None:
    answer = connection.execute(statement, values, prepare=True)  # type: ignore[arg-type]
    if answer.description:
        answer.fetchall()


@cache
def statements(name: str) -> list[str]:
    """The statements of a file."""
    text = (Path(__file__).parent / f"{name}.sql").read_text("utf-8")
    return [part for part in text.split(";") if part.strip()]
