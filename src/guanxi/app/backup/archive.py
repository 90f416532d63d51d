"""What lies in a backup: a tar file, packed by gzip, sealed as a whole; read and written as a stream."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import orjson

from guanxi.app.backup.sealing import Opener, Sealer, Sink
from guanxi.lib.errors import Invalid

ABOUT, DATABASE, FILES, UPLOADS, MARK, COUNTED = "about.json", "database", "files", "uploads", "mark", "counted.json"
"""The parts, in their order. The database is a script for psql in numbered parts."""
LEVEL = 2
"""How hard it is packed: a level more takes half as long again and saves a twentieth."""
BUFFER = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class About:
    """What has to be known before anything is restored."""

    guanxi: str
    made_at: str
    postgresql: int
    schema: str
    migrations: list[str]
    room: int
    """Bytes that database and files take."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was in it, written last: the restored house must have as much."""

    tables: dict[str, int]
    files: int = 0
    gone: list[str] = field(default_factory=list)
    """Files that were used but not there any more."""


class Writer:
    """A backup that is being written."""

    def __init__(self, file: Sink, key: str) -> None:
        self._sealer = Sealer(file, key)
        self._packed = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=self._sealer, mtime=0)
        self._tar = tarfile.open(mode="w|", fileobj=self._packed, bufsize=BUFFER)  # noqa: SIM115  ended by `finish`

    def add(self, name: str, content: bytes) -> None:
        """Add a part at hand."""
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> bool:
        """Add a file, with the time it is of; whether it was there."""
        try:
            with path.open("rb") as content:
                entry = self._tar.gettarinfo(arcname=name, fileobj=content)
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.type = tarfile.REGTYPE
                self._tar.addfile(entry, content)
        except FileNotFoundError:
            return False
        return True

    def add_about(self, about: About) -> None:
        """Begin."""
        self.add(ABOUT, orjson.dumps(asdict(about)))

    def finish(self, counted: Counted) -> None:
        """Say what was in it: now it is whole."""
        self.add(COUNTED, orjson.dumps(asdict(counted)))
        self._tar.close()
        self._packed.close()
        self._sealer.finish()


@dataclass(frozen=True)
class Part:
    """One part as it comes; its content is read before the next one comes."""

    name: str
    at: float
    content: BinaryIO

    @property
    def folder(self) -> str:
        """Of which kind it is."""
        return self.name.partition("/")[0]


def _read(kind: type[T], part: Part) -> T:
    """What was written down; what a later version adds to it is passed over."""
    known = {one.name for one in fields(cast(Any, kind))}
    return kind(**{name: value for name, value in orjson.loads(part.content.read()).items() if name in known})


class Reader:
    """A backup that is being read: first what it is about, then its parts in their order."""

    def __init__(self, name: str, packed: gzip.GzipFile, tar: tarfile.TarFile) -> None:
        self.name = name
        self._packed, self._tar = packed, tar
        self.about = _read(About, self._next(ABOUT))
        self.counted: Counted | None = None

    def parts(self) -> Iterator[Part]:
        """Every part; it ends where the backup was ended, else it is refused."""
        while (part := self._next()).name != COUNTED:
            yield part
        self.counted = _read(Counted, part)
        while self._packed.read(BUFFER):  # to the last piece, which alone says that nothing is cut off
            pass

    def _next(self, name: str = "") -> Part:
        entry = self._tar.next()
        content = entry and entry.isreg() and self._tar.extractfile(entry)
        if not entry or not content or (name and entry.name != name):
            raise Invalid("backup.not_whole", file=self.name)
        return Part(entry.name, entry.mtime, cast(BinaryIO, content))


@contextmanager
def reading(path: Path, known: Sequence[str]) -> Iterator[Reader]:
    """Open a backup with one of these keys; whatever is wrong with it is refused in words."""
    name = str(path)
    try:
        with path.open("rb") as file:
            opened = io.BufferedReader(Opener(file, name, known), BUFFER)
            with gzip.GzipFile(fileobj=opened) as packed, tarfile.open(mode="r|", fileobj=packed) as tar:
                yield Reader(name, packed, tar)
    except FileNotFoundError as problem:
        if problem.filename != name:
            raise
        raise Invalid("file.missing", file=name) from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile):
        raise Invalid("backup.not_whole", file=name) from None
