"""Making the database cluster, once."""

import shutil
import subprocess
from pathlib import Path

from guanxi.app.environment import DATABASE_USER, LINUX, Misconfigured
from guanxi.app.postgres import account, places
from guanxi.app.postgres.account import Account


def data_argument(data: Path, owner: Account) -> str:
    """How to name the data folder to a program that stands in it.

    Under another account the folders above may be closed to it (a home of mode 0700); where it stands, it may be.
    """
    return "/proc/self/cwd" if owner.user is not None and LINUX else str(data)


def exists(home: Path) -> bool:
    """Whether there is a finished cluster: it gets its name only at the end."""
    return (places.data_folder(home) / "PG_VERSION").exists()


def require_version(home: Path, *, major: str) -> None:
    """Refuse data of another major version of PostgreSQL, in words."""
    found = (places.data_folder(home) / "PG_VERSION").read_text("ascii").strip()
    if found != major:
        raise Misconfigured(
            f"The data in {places.data_folder(home)} are of PostgreSQL {found}, this version brings {major}. "
            f"Dump them with the former version of Guanxi and load them into this one."
        )


def make(home: Path, programs: Path, owner: Account) -> None:
    """Make an empty cluster under the account; a start that was killed meanwhile leaves nothing that counts."""
    scratch = places.root_folder(home) / "data.new"
    if scratch.exists():
        shutil.rmtree(scratch)
    scratch.mkdir(mode=0o700)
    maker = account.nobody()
    maker.own(scratch)
    made = subprocess.run(
        [
            programs / "initdb",
            *("-D", data_argument(scratch, maker), "-U", DATABASE_USER, "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth=trust", "--no-instructions"),
        ],
        cwd=scratch,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        **maker.spawn(),
    )
    if made.returncode:
        shutil.rmtree(scratch, ignore_errors=True)
        raise Misconfigured(f"PostgreSQL could not make its data folder {scratch}:\n{made.stderr.strip()}")
    (scratch / "pg_hba.conf").write_text("# only the socket, whose folder nobody else can enter\nlocal all all trust\n")
    owner.own_all(scratch)
    scratch.rename(places.data_folder(home))
