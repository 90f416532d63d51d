"""The command line: a table of commands, each in a file of its own."""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import django
from django.db import OperationalError, ProgrammingError

from guanxi import __version__
from guanxi.app import environment, roles
from guanxi.app.postgres import places
from guanxi.app.postgres.server import available
from guanxi.app.settled import settle
from guanxi.kernel import custom
from guanxi.kernel.words import said
from guanxi.lib.errors import Conflict, Problem, Unavailable


@dataclass(frozen=True)
class Command:
    """One command: `guanxi.app.commands.<module>` has `arguments(parser)` and `run(args) -> int`."""

    name: str
    help: str
    module: str = ""
    key: bool = True  # the key file is made when there is none
    database: bool = True  # the embedded PostgreSQL runs for as long as the command does
    fields: bool = True  # the fields that the company added are known to it
    known: bool = True  # it leaves alone a database that a newer version brought further
    first: Callable[[Sequence[str]], None] | None = None  # done before anything is loaded

    @property
    def path(self) -> str:
        return f"guanxi.app.commands.{self.module or self.name.replace('-', '_')}"


COMMANDS: tuple[Command, ...] = (
    Command("up", "start everything in the foreground", database=False, first=roles.open_port),
    Command("migrate", "bring the database to this version", fields=False),
    Command("import", "bring a file of records in", module="imports"),
    Command("undo", "take back what one change-set wrote"),
    Command("measures", "list the figures, or show one"),
    Command("segments", "count the customers who fulfil a condition"),
    Command("token", "hand out access for a script"),
    Command("password", "give somebody a new password"),
    Command("reseal", "seal anew with the newest key what older ones sealed"),
    Command("backup", "back everything up, sealed, into one file", known=False),
    Command("verify", "prove that a backup can be restored", key=False, database=False),
    Command("restore", "restore a backup", key=False, database=False),
    Command("doctor", "say in words what is wrong with this installation", key=False, database=False),
    Command("protocol", "show the protocol in force with its live figures"),
    Command("openapi", "print the description of the HTTP interface", key=False, database=False),
    Command("reference", "write the reference of what is declared", key=False, database=False),
    Command("manage", "run a command of Django itself", fields=False, known=False),
)


def _overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guanxi", description="A self-hosted customer relationship system.")
    parser.add_argument("--version", action="version", version=f"guanxi {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        commands.add_parser(command.name, help=command.help, add_help=False)
    return parser


def _sentence(problem: Problem) -> str:
    """A refusal as a person reads it, with the code a script looks for."""
    found = said(problem, "en")
    parts = [found["message"], *(f"{name}: {one['message']}" for name, one in found["fields"].items())]
    return f"{' '.join(parts)} [{problem.code}]"


def main(arguments: Sequence[str]) -> int:
    """Run one command; what went wrong is a sentence and an exit code, never a traceback."""
    chosen, rest = _overview().parse_known_args(arguments[:1])[0].command, arguments[1:]
    try:
        return _done(next(each for each in COMMANDS if each.name == chosen), rest)
    except environment.Misconfigured as problem:
        return _ended(2, str(problem))
    except Problem as problem:
        return _ended(1, _sentence(problem))
    except OperationalError as problem:
        reason = str(problem).strip().partition("\n")[0]
        return _ended(2, f"{_sentence(Unavailable('database.away'))} {reason}")
    except ProgrammingError:
        return _ended(2, _sentence(Conflict("database.not_at_this_version")))
    except BrokenPipeError:  # whoever reads has enough; nothing more shall be written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return _ended(2, _sentence(Unavailable("server.no_room")))
        if problem.filename is None:
            raise
        return _ended(2, f"{problem.filename}: {problem.strerror}. Guanxi must be able to read and write there.")
    except KeyboardInterrupt:
        return 130


def _done(command: Command, rest: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.app.settings")
    if command.first:
        command.first(rest)
    if command.key:
        _require_finished()
        given = environment.database_given() is not None
        environment.make_key(fresh=given or not places.data_folder(environment.home()).exists())
    django.setup()
    module = importlib.import_module(command.path)  # only now: a command may import models
    parser = argparse.ArgumentParser(prog=f"guanxi {command.name}", description=module.__doc__)
    module.arguments(parser)
    parsed = parser.parse_args(rest)
    settle()
    with available() if command.database else nullcontext():
        if command.database and command.known:
            importlib.import_module("guanxi.app.migration").require_known()  # it imports models, too
        if command.database and command.fields:
            custom.refresh()
        return int(module.run(parsed))


def _require_finished() -> None:
    """Refuse to go on in a home into which a backup was being restored when that was killed."""
    home = environment.home()
    if environment.database_given() is None and places.restoring(home).exists():
        raise environment.Misconfigured(
            f"A restore into {home} was not finished, and nothing of it counts. Do it once more: guanxi restore FILE "
            f"--key KEYFILE. To begin with an empty house instead, remove {places.root_folder(home)}."
        )


def _ended(code: int, sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code
