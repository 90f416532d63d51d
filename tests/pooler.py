"""A PgBouncer before the database of a test, as it stands before several hosts: a session lasts one transaction."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from guanxi.app.postgres.account import Account
from tests.house import until
from tests.requirements import pgbouncer

SESSIONS = 12  # two workers can have eight jobs in hand, and pages are asked for meanwhile
_CONFIG = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listening}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 400
"""


@contextmanager
def pooled(place: dict[str, Any], name: str) -> Iterator[str]:
    """Start one as whoever may use the socket of the database: it refuses root. Yields an address that goes through."""
    listening = _free_port()
    with tempfile.TemporaryDirectory(prefix="guanxi-pooler-") as made:
        folder, account = Path(made), _owner(Path(place["HOST"]))
        (folder / "pgbouncer.ini").write_text(
            _CONFIG.format(
                host=place["HOST"], port=place["PORT"] or 5432, user=place["USER"],
                listening=listening, sessions=SESSIONS,
            )
        )  # fmt: skip
        account.own_all(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(pgbouncer()), "pgbouncer.ini"], cwd=folder, stdout=log, stderr=log, **account.spawn()
            )
        try:
            until(lambda: _answers(listening) or process.poll() is not None, what="the pooler")
            assert process.poll() is None, (folder / "log").read_text()
            yield f"postgresql://{place['USER']}@127.0.0.1:{listening}/{name}"
        finally:
            process.terminate()
            process.wait(20)


def _owner(folder: Path) -> Account:
    if os.geteuid() != 0:
        return Account()
    found = folder.stat()
    return Account(found.st_uid, found.st_gid)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
