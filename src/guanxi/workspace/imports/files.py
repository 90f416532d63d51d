"""Files as they were given, kept by what is in them: the same file is kept once."""

import gzip
import hashlib
import re
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings

from guanxi.lib.errors import Invalid, NotFound, TooLarge

LARGEST = 2 << 30
_HASH = re.compile(r"[0-9a-f]{64}")
_GZIP = b"\x1f\x8b"


def folder() -> Path:
    """Where files are kept."""
    place = Path(settings.HOME) / "files"
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(chunks: Iterable[bytes]) -> str:
    """Keep a file; returns its content's hash. A gzip file is unpacked, to a bounded size."""
    digest, size = hashlib.sha256(), 0
    new = tempfile.NamedTemporaryFile(dir=folder(), delete=False)  # noqa: SIM115  closed below, kept under its hash
    try:
        with new:
            for chunk in _unpacked(chunks):
                size += len(chunk)
                if size > LARGEST:
                    raise TooLarge("import.file_too_large", most=LARGEST >> 20)
                digest.update(chunk)
                new.write(chunk)
        name = digest.hexdigest()
        Path(new.name).replace(folder() / name)
    finally:
        Path(new.name).unlink(missing_ok=True)  # of what was refused nothing stays on the disk
    return name


def opened(name: str) -> BinaryIO:
    """A kept file for reading."""
    try:
        if not _HASH.fullmatch(name):
            raise FileNotFoundError(name)
        return (folder() / name).open("rb")
    except FileNotFoundError as problem:
        raise NotFound("import.file_gone") from problem


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
