"""Where backups are kept, which is the newest, and how many stay."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from guanxi.app.backup.making import ENDING, UNFINISHED
from guanxi.app.backup.sealing import head
from guanxi.kernel import secrets
from guanxi.kernel.settings import setting
from guanxi.kernel.time import now
from guanxi.lib.errors import NotFound, Problem, Unavailable

FOLDER = setting("backup.folder", default="")
AT = setting("backup.at", default="03:00")
KEEP = setting("backup.keep", default=14, least=1, most=1000)
VERIFY_DAYS = setting("backup.verify_days", default=7, least=0, most=365)
USUAL = "backups"
PATTERN = f"guanxi-*{ENDING}"
ABANDONED = timedelta(hours=1)
"""After so long without a word in it, whoever wrote an unfinished backup was killed."""


def usual_folder() -> Path:
    """Where backups by hand go as long as no folder is chosen."""
    place = Path(settings.HOME) / USUAL
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def folder() -> Path:
    """Where backups go; one that was chosen has to be there."""
    chosen = FOLDER.get()
    if not chosen:
        return usual_folder()
    place = Path(chosen)
    if not place.is_absolute() or not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise Unavailable("backup.folder_not_usable", folder=chosen)
    return place


def all_in(place: Path) -> list[Path]:
    """The backups in a folder by their names, the oldest first."""
    return sorted(place.glob(PATTERN))


def newest(place: Path) -> Path:
    """The newest backup in a folder."""
    found = all_in(place)
    if not found:
        raise NotFound("backup.none_in_folder", folder=str(place))
    return found[-1]


def thin_out(place: Path, made: Path) -> int:
    """Keep as many as the company chose, what was made just now among them, and nothing unfinished; says how many went.

    What no key of ours opens belongs to another installation and stays.
    """
    for left in place.glob(f"{PATTERN}.*{UNFINISHED}"):
        if now().timestamp() - left.stat().st_mtime > ABANDONED.total_seconds():
            left.unlink(missing_ok=True)
    ours = [one for one in all_in(place) if one != made and _is_ours(one)]
    surplus = ours[: max(0, len(ours) + 1 - KEEP.get())]
    for one in surplus:
        one.unlink(missing_ok=True)
    return len(surplus)


def _is_ours(path: Path) -> bool:
    with suppress(OSError, Problem), path.open("rb") as file:
        return head(file, str(path)).key in map(secrets.key_id, secrets.keys())
    return False
