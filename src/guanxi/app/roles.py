"""What of `up` this host does: everything, or what `--only` names; the others do the rest on the same database."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence

from guanxi.app import environment, port

ROLES = ("web", "worker", "clock", "mail")


def add(parser: ArgumentParser) -> None:
    """Let a host do a part."""
    parser.add_argument(
        "--only", type=_named, metavar="ROLES",
        help=f"do only these, with commas between: {', '.join(ROLES)}; needs DATABASE_URL",
    )  # fmt: skip


def open_port(arguments: Sequence[str]) -> None:
    """Take the port before anything is loaded, where this host has one."""
    parser = ArgumentParser(prog="guanxi up", add_help=False)
    add(parser)
    if "web" in (parser.parse_known_args(arguments)[0].only or ROLES):
        port.take()


def _named(text: str) -> tuple[str, ...]:
    wanted = {word.strip() for word in text.split(",")}
    if not wanted <= set(ROLES):
        raise ArgumentTypeError(f"choose from {', '.join(ROLES)}, with commas between")
    if environment.database_given() is None:
        raise ArgumentTypeError("a part alone needs the database of the others: name it in DATABASE_URL")
    return tuple(role for role in ROLES if role in wanted)
