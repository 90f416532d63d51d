"""Files as they were given, kept by what is in them: the same file is kept once, and noted for each who gave it."""

import gzip
import hashlib
import re
import tempfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.conf import settings

from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Invalid, NotFound, TooLarge, Unavailable

LARGEST = 2 << 30
MOST_UNUSED = 2 * LARGEST
"""How much one person may have lying here that nobody began to bring in."""
UNFOLDED = 100
"""How many times as large as it was sent a file may become; tables that people export stay far below."""
SMALL = 32 << 20
"""Up to here it does not matter."""
_GZIP = b"\x1f\x8b"
NAME = re.compile("[0-9a-f]{64}")


def _root() -> Path:
    return Path(settings.FILES or settings.HOME)


def folder() -> Path:
    """Where files are kept."""
    place = _root() / "files"
    place.mkdir(parents=True, exist_ok=True)
    return place


def uploads() -> Path:
    """Where it stands who gave which file."""
    return _root() / "uploads"


def keep(by: Actor, chunks: Iterable[bytes], *, begun: Collection[str] | None = None) -> str:
    """Keep a file; returns its content's hash. A gzip file is unpacked, to a bounded size.

    `begun` names the files of this person that were brought in: of others, no more may lie here than is good.
    """
    try:
        folder()
        with tempfile.NamedTemporaryFile(dir=_given(by), delete=False) as new:
            try:
                name = _written(new, chunks, _given(by), begun)
            except BaseException:
                Path(new.name).unlink()
                raise
        Path(new.name).replace(folder() / name)
        give(by, name)
    except OSError as problem:
        raise Unavailable("import.cannot_keep", why=problem.strerror) from problem
    return name


def _written(new: IO[bytes], chunks: Iterable[bytes], given: Path, begun: Collection[str] | None) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in _unpacked(chunks):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge("import.file_too_large", most=LARGEST >> 20)
        digest.update(chunk)
        new.write(chunk)
        new.flush()
        if begun is not None and _lying(given, begun) > MOST_UNUSED:
            raise TooLarge("import.too_much_unused", most=MOST_UNUSED >> 20)
    return digest.hexdigest()


def give(by: Actor, name: str) -> None:
    """Note that somebody gave a file."""
    (_given(by) / name).touch()


def is_kept(name: str) -> bool:
    """Whether a file is here."""
    return bool(NAME.fullmatch(name)) and (folder() / name).is_file()


def given_by(actor: Actor) -> list[str]:
    """What somebody gave, by name."""
    return [one.name for one in _given(actor).iterdir() if NAME.fullmatch(one.name)]


def _given(by: Actor) -> Path:
    """Where the names of what somebody gave stand, beside what is just on its way in."""
    place = uploads() / str(by.id or by.kind)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _lying(given: Path, begun: Collection[str]) -> int:
    places = [folder() / one.name if NAME.fullmatch(one.name) else one for one in given.iterdir()]
    return sum(place.stat().st_size for place in places if place.name not in begun and place.exists())


def forget_unused(used: Collection[str], *, before: float) -> int:
    """Delete what was uploaded before a time (seconds since 1970) and is no import's file; returns how many."""
    old = [one for one in folder().iterdir() if one.name not in used and one.stat().st_mtime < before]
    for one in old:
        one.unlink(missing_ok=True)
    for noted in uploads().glob("*/*"):
        if noted.stat().st_mtime < before and not (folder() / noted.name).exists():
            noted.unlink(missing_ok=True)
    return len(old)


def opened(name: str) -> BinaryIO:
    """A kept file for reading."""
    if not is_kept(name):
        raise NotFound("import.file_gone")
    return (folder() / name).open("rb")


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
        most, size = max(SMALL, UNFOLDED * packed.tell()), 0
        packed.seek(0)
        try:
            with gzip.open(cast(BinaryIO, packed)) as plain:
                while piece := plain.read(1 << 20):
                    size += len(piece)
                    if size > most:
                        raise TooLarge("import.unfolds_too_far", times=UNFOLDED)
                    yield piece
        except (OSError, EOFError, zlib.error) as problem:
            raise Invalid("import.broken_gzip") from problem
