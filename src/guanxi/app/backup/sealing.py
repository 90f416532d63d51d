"""A file sealed as a whole, piece by piece: read is what was written, in its order and to its end, or it is refused.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, 2015) as age has it: each piece is sealed by ChaCha20-Poly1305 with a key of this file alone, and its
nonce counts the pieces and says which is the last. So no piece can be left out, moved, changed or cut off unnoticed.
"""

import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from guanxi.kernel.secrets import key_for_file, key_id
from guanxi.lib.errors import Conflict, Invalid, Unavailable

FORMAT = 1
PIECE = 1 << 20
TAG, SALT = 16, 16
_HEAD = re.compile(rb"guanxi backup (\d{4}) ([0-9a-f]{8})\n")
HEAD = len("guanxi backup 0001 01234567\n")


class Sink(Protocol):
    """Where sealed pieces go."""

    def write(self, data: bytes, /) -> Any:
        """Take some."""


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """Seals what is written to it into another file; it counts as whole once `finish` was called, not before."""

    def __init__(self, file: Sink, key: str) -> None:
        begin = f"guanxi backup {FORMAT:04} {key_id(key)}\n".encode() + os.urandom(SALT)
        self._file, self._number, self._waiting = file, 0, bytearray()
        self._box = ChaCha20Poly1305(key_for_file(key, begin))
        file.write(begin)

    def writable(self) -> bool:
        """It is written to."""
        return True

    def write(self, data: Any) -> int:
        """Seal every piece that has become full; a last one is kept until it is known whether it is the last."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Seal what is left as the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._box.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


@dataclass(frozen=True)
class Head:
    """What stands before the first piece, for everybody to read; the key of the file is made of all of it."""

    key: str
    whole: bytes


def head(file: BinaryIO, name: str) -> Head:
    """Read by which key a file is sealed; what no backup is, or one of a later format, is refused."""
    begin = file.read(HEAD + SALT)
    found = _HEAD.match(begin)
    if not found:
        raise Invalid("backup.none", file=name)
    if int(found[1]) > FORMAT:
        raise Conflict("backup.newer_format", file=name)
    return Head(found[2].decode("ascii"), begin)


class Opener(io.RawIOBase):
    """Opens a sealed file: every piece that is handed out is authentic, and the end is the end that was written."""

    def __init__(self, file: BinaryIO, name: str, known: Sequence[str]) -> None:
        self._file, self._name, self._number = file, name, 0
        begin = head(file, name)
        key = next((one for one in known if key_id(one) == begin.key), None)
        if key is None:
            raise Unavailable("backup.other_key", file=name, key=begin.key, known=", ".join(map(key_id, known)) or "–")
        self._box = ChaCha20Poly1305(key_for_file(key, begin.whole))
        self._open = memoryview(b"")
        self._next = file.read(PIECE + TAG)
        self._ended = False

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Hand out as much as fits of the piece at hand."""
        if not self._open and not self._ended:
            self._open_next()
        some = min(len(buffer), len(self._open))
        buffer[:some] = self._open[:some]
        self._open = self._open[some:]
        return some

    def _open_next(self) -> None:
        piece = self._next
        self._next = self._file.read(PIECE + TAG)
        self._ended = not self._next
        try:
            opened = self._box.decrypt(_nonce(self._number, last=self._ended), piece, None)
        except InvalidTag:
            raise Invalid("backup.not_whole", file=self._name) from None
        self._open = memoryview(opened)
        self._number += 1
