"""The proof of a backup: it is restored aside, into a database server of its own, looked at, and taken away again."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guanxi.app.backup.archive import reading
from guanxi.app.backup.restoring import require_known
from guanxi.app.parent import end_with_starter
from guanxi.app.postgres.lock import Lock
from guanxi.lib.errors import Invalid, Unavailable

PREFIX = "guanxi-verify-"
SPARE = 512 << 20
"""What a database server needs beside the data: its own tables, its log of the load."""
NOT_OURS = ("DATABASE_", "GUANXI_")


def verify(file: Path, keys: Sequence[str]) -> dict[str, Any]:
    """Restore a backup aside and report as `restore` does; what cannot be restored is refused with its reason."""
    _clear()
    with reading(file, keys) as reader:
        require_known(reader)
        needs = reader.about.room + SPARE
    with _aside() as place:
        free = shutil.disk_usage(place).free
        if free < needs:
            raise Unavailable("backup.no_room_aside", needs=needs >> 20, free=free >> 20, place=str(place.parent))
        return _restored(file, keys, place)


def _restored(file: Path, keys: Sequence[str], place: Path) -> dict[str, Any]:
    key = place / "key"
    key.touch(mode=0o600)
    key.write_text("".join(f"{one}\n" for one in keys), "ascii")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    done = subprocess.run(
        [sys.executable, "-m", "guanxi", "restore", str(file.absolute()), "--json"],
        env={**kept, "GUANXI_HOME": str(place / "home"), "GUANXI_KEY_FILE": str(key)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, preexec_fn=end_with_starter,
    )  # fmt: skip
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        why = (done.stderr.strip().splitlines() or ["–"])[-1]
        raise Invalid("backup.not_restorable", file=str(file), why=why) from None


@contextmanager
def _aside() -> Iterator[Path]:
    """A folder that is gone in the end; while it is used, its lock says so."""
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with Lock(place / "lock") as lock:
            lock.take()
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _clear() -> None:
    """Take away what a verification that was killed has left."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if place.stat().st_uid == os.geteuid() and (place / "lock").exists():
            with Lock(place / "lock") as lock:
                if lock.take():
                    shutil.rmtree(place, ignore_errors=True)
