"""Print the description of the HTTP interface (OpenAPI), as it is committed in openapi.json."""

import sys
from argparse import ArgumentParser, Namespace

import orjson

from guanxi.app.urls import interface


def arguments(parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(_args: Namespace) -> int:
    """Print it, sorted, so that two versions can be compared line by line."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    described = orjson.dumps(interface.get_openapi_schema(), option=options)
    sys.stdout.buffer.write(described + b"\n")
    return 0
