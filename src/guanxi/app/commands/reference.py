"""Write the reference of what is declared into a folder, as it is committed in docs/reference."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from guanxi.app.reference import pages


def arguments(parser: ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("folder", type=Path, help="the folder whose pages are written anew")


def run(args: Namespace) -> int:
    """Write every page, and take away those that are none any more."""
    made = pages()
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (args.folder / name).write_text(text, "utf-8")
    for left in set(args.folder.glob("*.md")) - {args.folder / name for name in made}:
        left.unlink()
    return 0
