"""What the machine says: where the data lies, which database, which address. Nothing here imports Django."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = next((each for each in Path(__file__).resolve().parents if (each / "pyproject.toml").exists()), None)
LINUX: bool = sys.platform.startswith("linux")
DATABASE_NAME = "guanxi"
DATABASE_USER = "guanxi"
_RESTORE = (
    "Restore it from your backup. If it is lost, write a new one: "
    "openssl rand -base64 48 > '{path}'; chmod 600 '{path}'. "
    "What the old one sealed, such as the passwords of mailboxes and ID numbers, then has to be typed in anew."
)


class Misconfigured(Exception):
    """Something in the environment cannot be used as it is; the text says what to change."""


def home() -> Path:
    """The one folder that holds everything of this installation: GUANXI_HOME, or `.home` beside a checkout."""
    named = os.environ.get("GUANXI_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if CHECKOUT:
        return CHECKOUT / ".home"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser().absolute() / "guanxi"


def files() -> Path | None:
    """The folder of files that several hosts share: GUANXI_FILES; None means the home."""
    named = os.environ.get("GUANXI_FILES")
    return Path(named).expanduser().absolute() if named else None


def host() -> str:
    """The address to listen on."""
    return os.environ.get("HOST") or "127.0.0.1"


def port() -> int:
    """The port to listen on."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise Misconfigured(f"PORT must be a number from 0 to 65535, not {text!r}.")
    return int(text)


def url() -> str:
    """The address that people and links use, without a slash at the end."""
    named = os.environ.get("GUANXI_URL")
    if named:
        parts = urlsplit(named)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Misconfigured(f"GUANXI_URL must look like https://crm.example.com, not {named!r}.")
        return named.rstrip("/")
    shown = "localhost" if host() in ("0.0.0.0", "::", "127.0.0.1", "::1") else host()  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port()}"


def demo() -> bool:
    """Whether the sample company may be filled in; DEMO=0 forbids it."""
    return os.environ.get("DEMO", "1").strip().lower() not in ("0", "no", "false", "off")


@dataclass(frozen=True, kw_only=True)
class Database:
    """Where PostgreSQL is: parts for Django, `conninfo` for everybody else."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: tuple[tuple[str, str], ...] = ()


def database_from(address: str, *, variable: str) -> Database:
    """Read a postgresql:// address."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise Misconfigured(f"{variable} must look like postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    return Database(
        name=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or options.pop("user", "")),
        password=unquote(parts.password or options.pop("password", "")),
        host=unquote(parts.hostname or options.pop("host", "")),
        port=str(parts.port or options.pop("port", "")),
        options=tuple(options.items()),
    )


def database_given() -> Database | None:
    """The database named by DATABASE_URL; None means the embedded one."""
    address = os.environ.get("DATABASE_URL")
    return database_from(address, variable="DATABASE_URL") if address else None


def database_direct() -> Database | None:
    """The same database around a pooler, for LISTEN, locks and jobs: DATABASE_DIRECT_URL."""
    address = os.environ.get("DATABASE_DIRECT_URL")
    return database_from(address, variable="DATABASE_DIRECT_URL") if address else None


def key_file() -> Path:
    """The file of secret keys: one a line, the newest first, the others still open what they closed."""
    named = os.environ.get("GUANXI_KEY_FILE")
    return Path(named).expanduser().absolute() if named else home() / "key"


def keys(path: Path | None = None) -> tuple[str, ...]:
    """The secret keys of this installation or of another file, newest first; empty as long as there is no file."""
    path = path or key_file()
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as problem:
        raise Misconfigured(f"{path} is no file of keys. {_RESTORE.format(path=path)}") from problem
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def make_key(*, fresh: bool) -> None:
    """Write the first key unless there is one; two starts at once keep one key. Data keep the key they have."""
    path = key_file()
    if path.exists():
        if not keys():
            raise Misconfigured(f"{path} is empty. {_RESTORE.format(path=path)}")
        return
    if not fresh:
        raise Misconfigured(f"{path} is missing, but there are data. {_RESTORE.format(path=path)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        said = f"{path.parent} cannot be made: {problem.strerror}. Choose another GUANXI_HOME."
        raise Misconfigured(said) from problem
    with _written(secrets.token_urlsafe(48)) as scratch, contextlib.suppress(FileExistsError):
        os.link(scratch, path)  # refuses when another start was faster


def put_keys(keys: Iterable[str]) -> None:
    """Make these the keys of this installation."""
    key_file().parent.mkdir(parents=True, exist_ok=True)
    with _written(*keys) as scratch:
        scratch.replace(key_file())


@contextlib.contextmanager
def _written(*keys: str) -> Iterator[Path]:
    """A file of keys beside its place, for nobody else to read; gone at the end if it was not put there."""
    scratch = key_file().with_name(f"{key_file().name}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)
