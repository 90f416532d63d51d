"""Files as they were given, kept by what is in them: the same file is kept once."""

import gzip
import hashlib
import re
import tempfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.conf import settings

from guanxi.lib.errors import Invalid, NotFound, TooLarge, Unavailable

LARGEST = 2 << 30
_GZIP = b"\x1f\x8b"
_NAME = re.compile("[0-9a-f]{64}")


def folder() -> Path:
    """Where files are kept."""
    place = Path(settings.HOME) / "files"
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(chunks: Iterable[bytes]) -> str:
    """Keep a file; returns its content's hash. A gzip file is unpacked, to a bounded size."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as new:
            try:
                name = _written(new, chunks)
            except BaseException:
                Path(new.name).unlink()
                raise
        Path(new.name).replace(folder() / name)
    except OSError as problem:
        raise Unavailable("import.cannot_keep", why=problem.strerror) from problem
    return name


def _written(new: IO[bytes], chunks: Iterable[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in _unpacked(chunks):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge("import.file_too_large", most=LARGEST >> 20)
        digest.update(chunk)
        new.write(chunk)
    return digest.hexdigest()


def forget_unused(used: Collection[str], *, before: float) -> int:
    """Delete what was uploaded before a time (seconds since 1970) and is no import's file; returns how many."""
    old = [one for one in folder().iterdir() if one.name not in used and one.stat().st_mtime < before]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def opened(name: str) -> BinaryIO:
    """A kept file for reading."""
    path = folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("import.file_gone")
    return path.open("rb")


def of_path(path: Path) -> Iterable[bytes]:
    """The content of a file of the machine, piece by piece."""
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _unpacked(chunks: Iterable[bytes]) -> Iterable[bytes]:
    stream = iter(chunks)
    first = next(stream, b"")
    if not first.startswith(_GZIP):
        yield first
        yield from stream
        return
    with tempfile.TemporaryFile(dir=folder()) as packed:
        packed.write(first)
        for chunk in stream:
            packed.write(chunk)
        packed.seek(0)
        try:
            with gzip.open(cast(BinaryIO, packed)) as plain:
                while piece := plain.read(1 << 20):
                    yield piece
        except (OSError, EOFError, zlib.error) as problem:
            raise Invalid("import.broken_gzip") from problem
