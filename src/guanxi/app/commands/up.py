"""Start everything in the foreground: the database, the server, the worker and the clock.

Reads HOST, PORT, GUANXI_URL, GUANXI_HOME, DATABASE_URL, DATABASE_DIRECT_URL and DEMO from the environment.
"""

from argparse import ArgumentParser, Namespace

from guanxi.app import up


def arguments(parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(_args: Namespace) -> int:
    """Stay until told to stop."""
    return up.up()
