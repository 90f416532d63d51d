"""How commands speak: JSON for scripts, lines for people."""

import sys
from typing import Any

import orjson

from guanxi.kernel.rows import jsonable


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
