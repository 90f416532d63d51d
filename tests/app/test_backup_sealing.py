"""A sealed file is read as it was written, or not at all: cut anywhere, changed anywhere, put together anew."""

import io
import os
from pathlib import Path

import pytest

from guanxi.app.backup import sealing
from guanxi.app.backup.archive import About, Counted, Writer, reading
from guanxi.app.backup.sealing import HEAD, SALT, TAG, Opener, Sealer
from guanxi.lib.errors import Conflict, Invalid, Problem, Unavailable

KEY = "the key of the house"
PIECE = 64


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that a short text has many."""
    monkeypatch.setattr(sealing, "PIECE", PIECE)


def sealed(content: bytes, key: str = KEY) -> bytes:
    """A text as it is kept."""
    out = io.BytesIO()
    sealer = Sealer(out, key)
    for start in range(0, len(content), 50):
        sealer.write(content[start : start + 50])
    sealer.finish()
    return out.getvalue()


def opened(content: bytes, *known: str) -> bytes:
    """The text, by the keys at hand."""
    return io.BufferedReader(Opener(io.BytesIO(content), "x.backup", known or (KEY,)), 100).read()


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 1000])
def test_what_is_read_is_what_was_written(length):
    content = os.urandom(length)
    assert opened(sealed(content)) == content
    assert opened(sealed(content), "a newer key", KEY) == content


def test_the_same_is_never_sealed_alike():
    assert sealed(b"x" * 200) != sealed(b"x" * 200)


def test_a_file_cut_off_anywhere_is_refused():
    whole = sealed(os.urandom(200))
    for length in range(len(whole)):
        with pytest.raises(Invalid) as refused:
            opened(whole[:length])
        assert refused.value.code == ("backup.none" if length < HEAD else "backup.not_whole")


def test_a_file_changed_in_any_byte_is_refused():
    whole = sealed(os.urandom(150))
    for place in range(len(whole)):
        with pytest.raises(Problem):
            opened(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])


def test_pieces_left_out_put_elsewhere_or_added_are_refused():
    whole = sealed(os.urandom(4 * PIECE))
    begin, size = HEAD + SALT, PIECE + TAG
    one, two, three, four = (whole[at : at + size] for at in range(begin, len(whole), size))
    for pieces in ((one, three, four), (two, one, three, four), (one, two, three), (one, two, three, four, four)):
        with pytest.raises(Invalid, match="not_whole"):
            opened(whole[:begin] + b"".join(pieces))


def test_another_key_is_named_and_a_later_form_is_refused():
    whole = sealed(b"x")
    with pytest.raises(Unavailable, match=sealing.key_id(KEY)):
        opened(whole, "another key")
    with pytest.raises(Conflict, match="newer_format"):
        opened(whole.replace(b"backup 0001", b"backup 0002", 1))


def test_an_archive_without_its_end_is_refused(tmp_path: Path):
    about = About(guanxi="0", made_at="2026-01-01", postgresql=18, schema="public", migrations=[], room=0)

    def written(name: str, *, counted: Counted | None) -> Path:
        path = tmp_path / name
        with path.open("wb") as file:
            writer = Writer(file, KEY)
            writer.add_about(about)
            writer.add("database/000000", b"SELECT 1;")
            if counted:
                writer.finish(counted)
            else:  # authentic and whole, but not ended by us
                writer._tar.close()
                writer._packed.close()
                writer._sealer.finish()
        return path

    def names(path: Path) -> list[str]:
        with reading(path, [KEY]) as reader:
            assert reader.about == about
            return [part.name for part in reader.parts()]

    assert names(written("whole", counted=Counted(tables={}))) == ["database/000000"]
    with pytest.raises(Invalid, match="not_whole"):
        names(written("endless", counted=None))
