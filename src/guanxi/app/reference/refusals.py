"""The page of refusals: every code with its sentence, and the status of those that answer a request."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import guanxi
from guanxi.app.reference.tables import code, table
from guanxi.kernel.words import FALLBACK, words
from guanxi.lib import errors

_KINDS = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Problem))
PROBLEMS = {kind.__name__: kind.status for kind in _KINDS}
PREFIX = "error."
BROKEN = "409"  # a promise of a table, whichever it is


def page() -> Iterator[str]:
    """Every code, by the word before its first dot."""
    status = statuses()
    yield "# Errors"
    yield ""
    yield (
        "A refusal carries `code`, `message` in the reader's language, `values` and `fields`: what is wrong with each"
        " field, itself with a code. Codes stay; sentences may be reworded. One without a status stands inside"
        " another, is given before the program is asked, or answers on the command line."
    )
    yield ""
    for group, some in groupby(codes(), key=lambda one: one.partition(".")[0]):
        yield f"## {group}"
        yield ""
        rows = (
            (code(one), status.get(one, BROKEN if group == "constraint" else ""), words(FALLBACK)[PREFIX + one])
            for one in some
        )
        yield from table(("code", "status", "what it says"), rows)


def codes() -> list[str]:
    """Every code that has a sentence; how near names are offered is a part of other sentences."""
    known = (key.removeprefix(PREFIX) for key in words(FALLBACK) if key.startswith(PREFIX))
    return sorted(one for one in known if one.partition(".")[0] != "near")


def statuses() -> dict[str, str]:
    """The status of every code, as the program raises it."""
    found: dict[str, set[int]] = defaultdict(set)
    for file in sorted(Path(guanxi.__file__).parent.rglob("*.py")):
        for kind, raised_ in raised(file.read_text("utf-8")):
            if kind in PROBLEMS:
                found[raised_].add(PROBLEMS[kind])
    return {name: ", ".join(map(str, sorted(all_))) for name, all_ in found.items()}


def raised(text: str) -> set[tuple[str, str]]:
    """The refusals of a file: of which kind, with which code."""
    found = set()
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {*PROBLEMS, "refuse"}:
            told = call.args[-1 if call.func.id == "refuse" else 0] if call.args else None
            if isinstance(told, ast.Constant) and isinstance(told.value, str):
                found.add((call.func.id, told.value))
    return found
