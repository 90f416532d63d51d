"""Bring the database to this version."""

from argparse import ArgumentParser, Namespace

from guanxi.app import migration
from guanxi.kernel.direct import directly


def arguments(parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(_args: Namespace) -> int:
    """Apply every pending migration."""
    with directly():
        migration.migrate(verbosity=1)
    return 0
