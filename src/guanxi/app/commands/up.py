"""Start everything in the foreground: the database, the server, the worker, the clock and the listener to mailboxes.

Reads HOST, PORT, GUANXI_URL, GUANXI_HOME, GUANXI_FILES, DATABASE_URL, DATABASE_DIRECT_URL and DEMO from the
environment. On several hosts of one database each may do a part: docs/scale.md.
"""

from argparse import ArgumentParser, Namespace

from guanxi.app import roles, up


def arguments(parser: ArgumentParser) -> None:
    """What this host does."""
    roles.add(parser)


def run(args: Namespace) -> int:
    """Stay until told to stop."""
    return up.up(args.only or roles.ROLES)
