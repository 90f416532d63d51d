"""Why rows could not be taken, as whoever brought the file reads it."""

from collections.abc import Iterable
from typing import Any

from guanxi.kernel.words import say, words
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.targets import of_noun


def told(run: ImportRun, problem: dict[str, Any], language: str) -> dict[str, Any]:
    """A refusal of a row as a sentence, and as one for each column, in the order of the columns."""
    places = {name: place for place, name in enumerate(of_noun(run.noun).columns)}
    wrong = sorted(problem["fields"].items(), key=lambda one: places.get(one[0], len(places)))
    return {"message": _sentence(problem, language), "fields": {name: _sentence(one, language) for name, one in wrong}}


def called(run: ImportRun, rows: Iterable[ImportProblem], language: str) -> dict[str, str]:
    """What the columns are called that something is wrong with: by the file's own heading, else in words."""
    target, known = of_noun(run.noun), words(language)
    columns = dict.fromkeys(name for row in rows for name in row.problem["fields"])
    return {
        name: source if isinstance(source := run.mapping.get(name), str) else known.get(target.message(name), name)
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
