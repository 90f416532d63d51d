"""Seal anew, with the first key of the key file, all that older keys have sealed: `guanxi reseal`.

Put a new key as the first line of the key file and restart before; when this is through, the older lines may go. No
value changes, so no version and no history comes of it.
"""

import sys
from argparse import ArgumentParser, Namespace

from guanxi.app.company import note_key
from guanxi.app.sealed import anew, lost


def arguments(parser: ArgumentParser) -> None:
    """Nothing has to be said."""
    del parser


def run(_args: Namespace) -> int:
    """Seal all anew and say how much it was."""
    written, closed = anew(), lost()
    note_key()
    sys.stdout.write(f"{written} values are sealed with the first key now.\n")
    for name, n in closed.items():
        sys.stdout.write(f"{n} of {name} stay closed: their key is not in the key file.\n")
    return 1 if closed else 0
