"""Why rows could not be taken, as whoever brought the file reads it."""

from collections.abc import Iterable, Mapping
from typing import Any

from guanxi.kernel.masks import BEHIND
from guanxi.kernel.secrets import seal, unseal
from guanxi.kernel.words import say
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.targets import of_noun


def told(run: ImportRun, problem: dict[str, Any], language: str) -> dict[str, Any]:
    """A refusal of a row as a sentence, and as one for each column, in the order of the columns."""
    places = {name: place for place, name in enumerate(of_noun(run.noun).columns)}
    wrong = sorted(problem["fields"].items(), key=lambda one: places.get(one[0], len(places)))
    return {"message": _sentence(problem, language), "fields": {name: _sentence(one, language) for name, one in wrong}}


def kept(run: ImportRun, cells: Mapping[str, str]) -> dict[str, str]:
    """A row as it is kept: what is sensitive in it sealed."""
    closed = _sensitive(run)
    return {name: seal(text) if text and name in closed else text for name, text in cells.items()}


def whole(run: ImportRun, cells: Mapping[str, str]) -> dict[str, str]:
    """A row as it stood in the file, for whoever brought it to correct."""
    closed = _sensitive(run)
    return {name: unseal(text) if text and name in closed else text for name, text in cells.items()}


def shown(run: ImportRun, cells: Mapping[str, str]) -> dict[str, str]:
    """A row as a page shows it."""
    closed = _sensitive(run)
    return {name: BEHIND if text and name in closed else text for name, text in cells.items()}


def _sensitive(run: ImportRun) -> set[str]:
    """The headings under which something sensitive stands."""
    columns = of_noun(run.noun).columns.items()
    return {heading for name, one in columns if one.sensitive and isinstance(heading := run.mapping.get(name), str)}


def called(run: ImportRun, rows: Iterable[ImportProblem], language: str) -> dict[str, str]:
    """What the columns are called that something is wrong with: by the file's own heading, else in words."""
    target = of_noun(run.noun)
    columns = dict.fromkeys(name for row in rows for name in row.problem["fields"])
    return {
        name: source if isinstance(source := run.mapping.get(name), str) else say(target.message(name), language)
        for name in columns
    }


def why(run: ImportRun, problem: dict[str, Any], names: dict[str, str], language: str) -> str:
    """All that is wrong with a row, in one text."""
    said = told(run, problem, language)
    of_columns = [
        say("import.wrong_column", language, column=names[name], problem=one) for name, one in said["fields"].items()
    ]
    return " ".join(of_columns) or str(said["message"])


def _sentence(problem: dict[str, Any], language: str) -> str:
    return say(f"error.{problem['code']}", language, **problem["values"])
