"""Give somebody a new password, and so a way back in: `guanxi password --email ADDRESS`.

The password is asked for, or read from what is piped in. Whatever was signed in or runs in that name is out.
"""

import getpass
import sys
from argparse import ArgumentParser, Namespace

from guanxi.kernel.actor import SYSTEM
from guanxi.lib.errors import NotFound
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import set_password


def arguments(parser: ArgumentParser) -> None:
    """Whose password."""
    parser.add_argument("--email", required=True, metavar="ADDRESS", help="the address of somebody who works here")


def run(args: Namespace) -> int:
    """Ask for it and set it."""
    user = User.objects.filter(email=args.email.strip().lower(), archived_at=None).first()
    if user is None:
        raise NotFound("user.unknown", email=args.email)
    asked = getpass.getpass("New password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    set_password(SYSTEM, user.pk, password=asked)
    sys.stdout.write(f"{user.email} signs in with the new password from now on.\n")
    return 0
