"""Under whose name the embedded PostgreSQL runs: ours, or a private number when we are root, without adding a user."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guanxi.app.environment import Misconfigured
from guanxi.app.postgres import places

# Numbers that no distribution hands out and that fit into the 65,536 of a container.
_FIRST, _LAST = 60_706, 61_183


@dataclass(frozen=True)
class Account:
    """A user number and group number; None means that we stay who we are."""

    user: int | None = None
    group: int | None = None

    def spawn(self) -> dict[str, Any]:
        """What to give to `subprocess` so that the program runs under this account."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make a folder of ours belong to this account and to nobody else."""
        folder.chmod(0o700)
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)

    def own_all(self, folder: Path) -> None:
        """The same for everything in it."""
        if self.user is None or self.group is None:
            return
        for path, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(path) / name, self.user, self.group, follow_symlinks=False)
        os.chown(folder, self.user, self.group)


def _known(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True


def chosen(home: Path) -> Account:
    """The account of this installation: the owner of the data if there are any, else ours or a private number."""
    if os.geteuid() != 0:
        return Account()
    data = places.data_folder(home)
    if data.exists():
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    number = next((each for each in range(_FIRST, _LAST + 1) if not _known(each)), None)
    if number is None:
        raise Misconfigured("No free user number for the embedded PostgreSQL; name a database in DATABASE_URL.")
    return Account(number, number)


def nobody() -> Account:
    """Whom initdb may run as when we are root: it insists on a user that has a name."""
    if os.geteuid() != 0:
        return Account()
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)
