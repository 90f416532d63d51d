"""The page of the command line: every command with its arguments."""

import importlib
from argparse import Action, ArgumentParser
from collections.abc import Iterator

from guanxi.app.cli import COMMANDS, Command
from guanxi.app.reference.tables import code, table


def page() -> Iterator[str]:
    """Every command, in the order in which they are listed."""
    yield "# Commands"
    yield ""
    yield "`./guanxi COMMAND --help` says the same. What scripts may rely on: [For scripts](../how-to/scripts.md)."
    yield ""
    for command in COMMANDS:
        yield f"## {command.name}"
        yield ""
        yield from _command(command)


def _command(command: Command) -> Iterator[str]:
    module = importlib.import_module(command.path)
    parser = ArgumentParser(prog=command.name, add_help=False)
    module.arguments(parser)
    yield from (line.strip() for line in (module.__doc__ or "").strip().splitlines())
    yield ""
    taken = [action for action in parser._actions if action.dest != "help"]
    if taken:
        yield from table(("argument", "what it means", "until it is given"), map(_argument, taken))


def _argument(action: Action) -> tuple[str, str, str]:
    name = ", ".join(action.option_strings) or action.dest
    taken = action.metavar or "" if action.option_strings else ""
    meant = action.help or (f"one of {', '.join(map(str, action.choices))}" if action.choices else "")
    unset = "" if action.default in (None, False) else str(action.default)
    return code(f"{name} {taken}".strip()), meant, code(unset)
