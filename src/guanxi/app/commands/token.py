"""Hand out access for a script: `guanxi token create --email ADDRESS [--name …] [--days N] [--json]`.

The token acts for the person with that address: it reads and does over HTTP what this person's roles allow, but hands
out no further access, and what it writes stands under their name. It is printed once. It ends after its days, in
Settings, or when somebody else sets that person's password.
"""

from argparse import ArgumentParser, Namespace

from guanxi.app.commands.given import colleague
from guanxi.app.commands.output import show
from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.tokens.operations import create_token


def arguments(parser: ArgumentParser) -> None:
    """In whose name, for how long."""
    parser.add_argument("what", choices=("create",), metavar="create")
    parser.add_argument(
        "--email", type=colleague, default="", metavar="ADDRESS",
        help="whom the token acts for: the address of somebody who works here; it may do what they may, nothing else",
    )  # fmt: skip
    parser.add_argument(
        "--name", default="script", help="what it is called in Settings, so that one knows which to end"
    )
    parser.add_argument("--days", type=int, metavar="N", help="for so many days; without it until somebody ends it")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Print the secret; it is shown this once."""
    secret = create_token(SYSTEM, name=args.name, email=args.email, days=args.days)
    show({"token": secret, "email": args.email, "name": args.name}, as_json=args.json)
    return 0
