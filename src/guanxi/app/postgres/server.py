"""Starting and stopping the embedded PostgreSQL as a child of this process."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from guanxi.app import environment
from guanxi.app.environment import DATABASE_NAME, DATABASE_USER, LINUX, Misconfigured
from guanxi.app.parent import Leash
from guanxi.app.postgres import account, binaries, cluster, places
from guanxi.app.postgres.lock import Lock

MAJOR = "18"
Say = Callable[[str], None]

_BUSY = ("pre-existing shared memory block", '"postmaster.pid" already exists')
_LOG_LIMIT = 10 << 20


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def settings() -> dict[str, str]:
    """How the server runs: sized by the machine, without connections from outside."""
    memory = _memory_mb()
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "port": str(places.PORT),
        "max_connections": "80",
        "shared_buffers": f"{min(max(memory // 16, 32), 256)}MB",
        "effective_cache_size": f"{max(memory // 2, 128)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "64MB",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "io_method": "sync",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
    }


def postmaster(home: Path) -> int | None:
    """The process that serves this data folder, if one lives; the file alone is not believed."""
    data = places.data_folder(home)
    try:
        process = int((data / "postmaster.pid").read_text("ascii").split("\n", 1)[0])
        os.kill(process, 0)
    except (OSError, ValueError):
        return None
    if LINUX:
        try:
            folder = Path(f"/proc/{process}/cwd").readlink()
        except OSError:
            return None
        return process if folder == data.resolve() else None
    asked = ("lsof", "-a", "-p", str(process), "-d", "cwd", "-Fn")
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return process if f"n{data.resolve()}" in said.splitlines() else None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    if LINUX:  # nobody may be there to reap it
        with contextlib.suppress(OSError):
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


class Server:
    """The embedded PostgreSQL of one installation, owned by this process."""

    def __init__(self, home: Path, *, leash: Leash, say: Say) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None
        self._leash = leash
        self._say = say
        self._guard: int | None = None
        self._account = account.chosen(home)
        self._programs = binaries.folder(home, self._account)

    def start(self, abandoned: Callable[[], bool] = lambda: False) -> None:
        """Make the cluster if there is none, end what a crash left behind, start, and wait until it answers."""
        self._prepare()
        self._end_survivor()
        notice = time.monotonic() + 1
        while True:
            begin = self._log.stat().st_size if self._log.exists() else 0
            process = self.process = self._spawn()
            ended = self._wait_until_ready(process, begin, notice, abandoned)
            if ended is None:
                break
            if not any(sign in ended for sign in _BUSY):
                raise Misconfigured(f"PostgreSQL did not start; the end of {self._log} says:\n{ended}")
            time.sleep(0.2)  # orphans of a killed server still hold its memory; they notice and go
        self._ensure_database()

    def stop(self) -> None:
        """End it cleanly; harder when it does not listen."""
        process, self.process = self.process, None
        if process is None:
            return
        for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                break
        self._drop_guard()

    @property
    def _log(self) -> Path:
        return places.root_folder(self.home) / "log"

    def _prepare(self) -> None:
        root = places.root_folder(self.home)
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o711)
        if not cluster.exists(self.home):
            self._say("Making the database …")
            cluster.make(self.home, self._programs, self._account)
        cluster.require_version(self.home, major=MAJOR)
        run = places.socket_folder(self.home)
        run.mkdir(mode=0o700, exist_ok=True)
        if run.is_symlink() or run.stat().st_uid not in {os.geteuid(), self._account.user}:
            raise Misconfigured(f"{run} belongs to somebody else; remove it or choose a shorter GUANXI_HOME.")
        self._account.own(run)
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".1"))

    def _end_survivor(self) -> None:
        survivor = postmaster(self.home)
        if survivor is None:
            self._disown_pid_file()
            return
        self._say("Ending a database server that survived its parent …")
        with contextlib.suppress(ProcessLookupError):
            os.kill(survivor, signal.SIGINT)
        while _alive(survivor):
            time.sleep(0.02)

    def _disown_pid_file(self) -> None:
        """A number in it may by now be another program's, which PostgreSQL would take for itself: ours it ignores.

        The rest stays, since by it PostgreSQL finds orphans that still hold the memory of the killed server.
        """
        path = places.data_folder(self.home) / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            rest = path.read_text("ascii").partition("\n")[2]
            with path.open("r+", encoding="ascii") as file:  # in its place: on a full disk there is no other
                file.write(f"{os.getpid()}\n{rest}")
                file.truncate()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        data, run = places.data_folder(self.home), places.socket_folder(self.home)
        socket = "../run" if run.parent == data.parent else str(run)
        command = [str(self._programs / "postgres"), "-D", cluster.data_argument(data, self._account)]
        for name, value in {**settings(), "unix_socket_directories": socket}.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("ab") as log:
            self._log.chmod(0o600)
            process = subprocess.Popen(
                command,
                cwd=data,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the parent, which ends us last
                preexec_fn=lambda: self._leash.bind(signal.SIGINT),
                **self._account.spawn(),
            )
        self._drop_guard()
        self._guard = self._leash.guard(process.pid, signal.SIGINT)
        return process

    def _wait_until_ready(
        self, process: "subprocess.Popen[bytes]", begin: int, notice: float, abandoned: Callable[[], bool]
    ) -> str | None:
        """Wait without a limit (recovery after a crash takes what it takes); what it logged if it ended instead."""
        status = places.data_folder(self.home) / "postmaster.pid"
        while process.poll() is None:
            with contextlib.suppress(OSError):
                lines = status.read_text("ascii").splitlines()
                if lines[:1] == [str(process.pid)] and lines[-1].strip() == "ready":
                    return None
            if abandoned():
                raise KeyboardInterrupt
            if notice and time.monotonic() > notice:
                self._say("Waiting for the database to recover …")
                notice = 0
            time.sleep(0.02)
        with self._log.open("rb") as log:
            log.seek(begin)
            return log.read()[-2000:].decode(errors="replace")

    def _ensure_database(self) -> None:
        with connect(self.home, "postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))

    def _drop_guard(self) -> None:
        if self._guard is not None:
            os.kill(self._guard, signal.SIGKILL)
            os.waitpid(self._guard, 0)
            self._guard = None


def connect(home: Path, database: str = DATABASE_NAME) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of its own to the embedded server."""
    folder = str(places.socket_folder(home))
    return psycopg.connect(dbname=database, user=DATABASE_USER, host=folder, port=places.PORT, autocommit=True)


def answers(home: Path) -> bool:
    """Whether the embedded server takes connections now."""
    try:
        connect(home).close()
    except psycopg.OperationalError:
        return False
    return True


class Ownership:
    """The right to run the embedded server of one home, and the list of those who use it."""

    def __init__(self, home: Path) -> None:
        root = places.root_folder(home)
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Misconfigured(f"{root} cannot be made: {problem.strerror}. Choose another GUANXI_HOME.") from problem
        self.owner = Lock(root / "owner.lock")
        self.users = Lock(root / "users.lock")

    def close(self) -> None:
        """Forget both, in a forked child or at the end."""
        self.owner.close()
        self.users.close()


@contextlib.contextmanager
def available(home: Path | None = None, *, say: Say = lambda _: None) -> Iterator[None]:
    """Have a database for as long as a command runs: the one named, the one of a running `up`, or our own meanwhile."""
    if environment.database_given():
        yield
        return
    home = home or environment.home()
    ownership = Ownership(home)
    ownership.users.take(shared=True, wait=True)
    server = _own_or_find(home, ownership, say)
    try:
        yield
    finally:
        if server:
            ownership.users.release()
            ownership.users.take(wait=True)  # others may have begun to use ours
            server.stop()
        ownership.close()


def _own_or_find(home: Path, ownership: Ownership, say: Say) -> Server | None:
    while not ownership.owner.take():
        if answers(home):
            return None
        time.sleep(0.05)  # the owner is about to start it, or to end
    ownership.owner.note(f"command {os.getpid()}")
    server = Server(home, leash=Leash(), say=say)
    server.start()
    return server
