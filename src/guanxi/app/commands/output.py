"""How commands speak: JSON for scripts, lines for people."""

import sys
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


def show(value: Any, *, as_json: bool) -> None:
    """Print a result; as one JSON document, or a line for each of its values."""
    if as_json:
        sys.stdout.write(orjson.dumps(value, default=jsonable, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    rows = value if isinstance(value, list) else [value]
    for row in rows:
        for name, one in row.items() if isinstance(row, dict) else [("", row)]:
            if one not in (None, [], {}):
                sys.stdout.write(f"{name:>12}  {orjson.dumps(one, default=jsonable).decode().strip(chr(34))}\n")
