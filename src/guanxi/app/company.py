"""What the hosts of one company share beside the database: a folder of files and the keys. Both are marked in it."""

import secrets as random
from pathlib import Path

from django.conf import settings

from guanxi.app import environment
from guanxi.app.environment import Misconfigured
from guanxi.kernel import secrets
from guanxi.kernel.marks import mark, mark_anew, marked

FILES, KEY = "files", "key"
_NAME = "mark"


def mark_file() -> Path:
    """The file by which the folder of files is known again."""
    return Path(settings.FILES or settings.HOME) / _NAME


def meet() -> None:
    """Mark what is not marked yet; refuse to start with keys that are not those of the company."""
    _mark_files()
    _mark_key()
    if said := other_key():
        raise Misconfigured(said)


def other_folder() -> str:
    """What is wrong with the folder of files; nothing when it is that of the company."""
    wanted, path = marked(FILES), mark_file()
    if settings.EMBEDDED_DATABASE or not wanted or _read(path) == wanted:
        return ""
    return (
        f"{path.parent} is not the folder in which this company keeps its files: what is brought in here, other hosts "
        "cannot read. Mount the same folder on every host and name it in GUANXI_FILES. If the old one is lost for "
        f"good, make this the one: echo {wanted} > '{path}'"
    )


def other_key() -> str:
    """What is wrong with the keys; nothing when they are those of the company."""
    wanted = marked(KEY)
    if settings.EMBEDDED_DATABASE or not wanted or wanted in map(secrets.key_id, secrets.keys()):
        return ""
    return (
        f"{environment.key_file()} does not hold the key of this company ({wanted}): other hosts could not open what "
        "this one seals. Copy the key file of another host, or restore it from your backup. If it is lost for good, "
        "make the key here the one: guanxi reseal"
    )


def note_key() -> None:
    """Make the newest key here the one of the company."""
    mark_anew(KEY, secrets.key_id(secrets.keys()[0]))


def _mark_files() -> None:
    path, fresh = mark_file(), random.token_hex(16)
    if mark(FILES, _read(path) or fresh) and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{fresh}\n", "ascii")


def _mark_key() -> None:
    newest = secrets.key_id(secrets.keys()[0])
    if not mark(KEY, newest) and marked(KEY) in map(secrets.key_id, secrets.keys()):
        note_key()  # a newer one may stand before it


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
