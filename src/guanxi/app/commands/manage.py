"""Run a command of Django itself, for developers: `guanxi manage makemigrations`."""

from argparse import REMAINDER, ArgumentParser, Namespace

from django.core.management import execute_from_command_line


def arguments(parser: ArgumentParser) -> None:
    """Take whatever Django's command takes."""
    parser.add_argument("words", nargs=REMAINDER, help="the command and its arguments")


def run(args: Namespace) -> int:
    """Hand over to Django."""
    execute_from_command_line(["guanxi manage", *args.words])
    return 0
