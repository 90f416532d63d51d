"""Where the embedded PostgreSQL keeps what, all of it below one folder of the installation."""

import hashlib
import os
import sys
from pathlib import Path

PORT = 5432
LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107  # bytes of a socket's path that the kernel takes
_SOCKET_NAME = f"/.s.PGSQL.{PORT}"


def root_folder(home: Path) -> Path:
    """The folder of everything the embedded PostgreSQL owns."""
    return home / "postgres"


def data_folder(home: Path) -> Path:
    """The database cluster."""
    return root_folder(home) / "data"


def restoring(home: Path) -> Path:
    """The note that a new cluster is being restored into: as long as it is there, nothing in it counts."""
    return root_folder(home) / "restoring"


def socket_folder(home: Path) -> Path:
    """The private folder of the socket: beside the data, or a short one when that path is too long for a socket."""
    beside = root_folder(home) / "run"
    if len(os.fsencode(beside)) + len(_SOCKET_NAME) <= LONGEST_SOCKET:
        return beside
    digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return Path("/tmp") / f"guanxi-{os.getuid()}-{digest}"  # noqa: S108  # its owner and mode are checked at start


def socket_file(home: Path) -> Path:
    """The socket itself."""
    return Path(f"{socket_folder(home)}{_SOCKET_NAME}")
