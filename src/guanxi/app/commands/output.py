"""How commands speak: JSON for scripts, lines for people."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from guanxi.kernel.rows import jsonable
from guanxi.lib.errors import Invalid


def read_json(path: Path) -> dict[str, Any]:
    """An object from a file of JSON; what is none is refused with the file's name."""
    try:
        found = orjson.loads(path.read_bytes())
    except OSError as problem:
        raise Invalid("file.missing", file=str(path)) from problem
    except orjson.JSONDecodeError as problem:
        raise Invalid("file.not_json", file=str(path), why=str(problem)) from problem
    if not isinstance(found, dict):
        raise Invalid("file.not_json", file=str(path), why=type(found).__name__)
    return found


def several(n: int, word: str) -> str:
    """So many of something: 1 file, 1,200 files."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def show(value: Any, *, as_json: bool) -> None:
    """Print a result; as one JSON document, or a line for each of its values."""
    if as_json:
        sys.stdout.write(orjson.dumps(value, default=jsonable, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    rows = value if isinstance(value, list) else [value]
    said = [list(_lines("", row)) for row in rows]
    width = max((len(name) for lines in said for name, _ in lines), default=0)
    sys.stdout.write("\n".join("".join(f"{name:>{width}}  {one}\n" for name, one in lines) for lines in said))


def _lines(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """What is said, each by its name: what lies deeper by the way to it; of what is empty nothing."""
    if isinstance(value, dict):
        for part, one in value.items():
            yield from _lines(f"{name}.{part}".lstrip("."), one)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for place, one in enumerate(value, start=1):
            yield from _lines(f"{name}.{place}", one)
    elif isinstance(value, list):
        if value:
            yield name, ", ".join(str(one) for one in value)
    elif value is not None:
        yield name, value if isinstance(value, str) else orjson.dumps(value, default=jsonable).decode().strip('"')
