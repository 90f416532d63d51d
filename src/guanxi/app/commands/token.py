"""Hand out access for a script: `guanxi token create --email … [--name …] [--days N] [--json]`."""

from argparse import ArgumentParser, Namespace

from guanxi.app.commands.output import show
from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.tokens.operations import create_token


def arguments(parser: ArgumentParser) -> None:
    """In whose name, for how long."""
    parser.add_argument("what", choices=("create",))
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", default="script")
    parser.add_argument("--days", type=int)
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Print the secret; it is shown this once."""
    secret = create_token(SYSTEM, name=args.name, email=args.email, days=args.days)
    show({"token": secret, "email": args.email, "name": args.name}, as_json=args.json)
    return 0
