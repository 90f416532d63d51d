"""The real commands: what is backed up is there again elsewhere, and whatever is wrong with a backup is said."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from guanxi.app.postgres import places
from guanxi.app.postgres.server import available, connect
from tests.app.backed_up import CONTENT, NUMBER, SEED, guanxi, inside, read, started
from tests.app.test_commands import DEBIAN, debian
from tests.app.test_full_disk import fill, may_mount
from tests.house import copied, living, until

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with somebody in it, secrets, a past and a file; nobody changes it."""
    place = tmp_path_factory.mktemp("house") / "home"
    inside(place, SEED, fresh=True)
    return place


@pytest.fixture(scope="module")
def backup(home: Path) -> Path:
    """Its backup."""
    file = home.parent / "one.backup"
    code, printed, complained = guanxi(home, "backup", file)
    assert code == 0, complained
    assert f"{file} holds" in printed and f"opens only with the key file {home / 'key'}" in printed
    return file


@pytest.fixture
def other(home: Path, tmp_path: Path) -> Path:
    """A copy of the home, to be changed."""
    copied(home, tmp_path / "other")
    return tmp_path / "other"


def sql(home: Path, statement: str) -> None:
    """Change a house behind its back."""
    with available(home), connect(home) as connection:
        connection.execute(statement)


def test_everything_is_there_again_on_a_new_machine_with_the_key_file(home, backup, tmp_path):
    key = tmp_path / "kept elsewhere"
    shutil.copy(home / "key", key)
    new = tmp_path / "new"
    code, printed, complained = guanxi(new, "restore", backup, "--key", key, "--json")
    assert (code, complained) == (0, "")
    told = json.loads(printed)
    assert (told["files"], told["steps"], told["problems"], told["before"]) == (1, 0, [], "")
    assert told["histories"] > 0
    found = read(new)
    assert found == read(home)
    assert (found["id_number"], found["files"], found["mailbox"]) == (NUMBER, [CONTENT], "secret")
    assert found["changes"][0] == ["id_number"]
    assert (new / "key").read_text() == key.read_text()
    assert (new / "key").stat().st_mode & 0o777 == 0o600
    assert guanxi(new, "doctor", "--json")[0] == 0


def test_a_backup_is_for_nobody_else_to_read_and_holds_neither_its_key_nor_a_name(home, backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    content = backup.read_bytes()
    assert b"Ann" not in content and (home / "key").read_bytes().strip() not in content
    assert [path for path in backup.parent.iterdir() if path.name.endswith(".part")] == []


def test_without_its_key_it_is_refused_and_nothing_is_begun(backup, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("another key\n")
    for words in ((), ("--key", wrong)):
        code, printed, complained = guanxi(tmp_path / "new", "restore", backup, *words)
        assert (code, printed) == (1, "")
        assert "opens only with the key " in complained and "[backup.other_key]" in complained
    assert not (tmp_path / "new").exists()


def test_what_was_cut_off_or_changed_is_refused_and_leaves_nothing(home, backup, tmp_path):
    content = backup.read_bytes()
    middle = len(content) // 2
    changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for number, broken in enumerate((content[:-1], content[:middle], changed)):
        file, new = tmp_path / f"{number}.backup", tmp_path / f"new {number}"
        file.write_bytes(broken)
        code, printed, complained = guanxi(new, "restore", file, "--key", home / "key")
        assert (code, printed) == (1, ""), complained
        assert f"{file} is not whole" in complained and "[backup.not_whole]" in complained
        assert not places.data_folder(new).exists() and not (new / "key").exists()
        assert guanxi(home, "verify", file)[0] == 1
    (tmp_path / "letter").write_text("Dear Ann")
    assert "is no backup that Guanxi made" in guanxi(tmp_path / "x", "restore", tmp_path / "letter")[2]
    assert "There is no file" in guanxi(tmp_path / "x", "restore", tmp_path / "nothing")[2]


def test_a_house_with_people_is_replaced_only_when_that_is_said_and_is_kept_before(other, backup):
    inside(other, 'customers.customer("Bob")')
    before = read(other)
    code, _, complained = guanxi(other, "restore", backup)
    assert code == 1 and "people work here already (accounts: 1, customers: 2)" in complained
    assert read(other) == before

    code, printed, complained = guanxi(other, "restore", backup, "--replace")
    assert (code, complained) == (0, "")
    assert read(other)["customers"] == 1
    kept = Path(printed.partition("What was here before is kept in ")[2].partition(".\n")[0])
    assert guanxi(other, "restore", kept, "--replace", "--without-backup")[0] == 0
    assert read(other) == before
    assert list((other / "backups").iterdir()) == [kept]


def test_a_house_that_is_at_work_is_left_alone(other, backup):
    with available(other), connect(other):
        code, _, complained = guanxi(other, "restore", backup, "--replace")
    assert code == 1 and "1 other session is at work" in complained and "[backup.house_in_use]" in complained
    assert read(other)["customers"] == 1


def test_a_database_of_another_program_is_left_alone(backup, home, tmp_path):
    new = tmp_path / "new"
    sql(new, "CREATE TABLE somebody_elses (id int)")
    code, _, complained = guanxi(new, "restore", backup, "--key", home / "key", "--replace")
    assert code == 1 and "holds tables of another program (1)" in complained
    sql(new, "SELECT FROM somebody_elses")


def test_what_a_newer_version_made_is_refused_before_anything_is_touched(other, home, tmp_path):
    sql(other, "INSERT INTO django_migrations (app, name, applied) VALUES ('customers', '9999_the_future', now())")
    file = tmp_path / "future.backup"
    assert guanxi(other, "backup", file)[0] == 0
    code, _, complained = guanxi(tmp_path / "new", "restore", file, "--key", home / "key")
    assert code == 1
    assert "does not know customers.9999_the_future" in complained and "[backup.newer]" in complained
    assert not (tmp_path / "new").exists()

    code, printed, complained = guanxi(other, "up")
    assert (code, printed) == (2, "")
    assert "has brought this database further than Guanxi" in complained and "9999_the_future" in complained
    (tmp_path / "people.csv").write_text("Name\nAnn\n")
    people, olive = tmp_path / "people.csv", ("--email", "olive@company.test")
    for words in (
        ("migrate",), ("import", "customers", people), ("undo", "01a21f32-5cb6-71df-a9d9-7d6899d08d8e"),
        ("measures", "list"), ("segments", "count", people), ("token", "create", *olive), ("password", *olive),
        ("reseal",), ("protocol", "show"),
    ):  # fmt: skip
        code, printed, complained = guanxi(other, *words)
        assert (code, printed) == (2, "") and "further than Guanxi" in complained, words
    said = {one["about"]: one["said"] for one in json.loads(guanxi(other, "doctor", "--json")[1])}
    assert "guanxi restore FILE --replace" in said["migrations"]


def test_what_an_older_version_made_is_brought_to_this_one(other, home, tmp_path):
    assert guanxi(other, "manage", "migrate", "protocols", "0004")[0] == 0
    file, new = tmp_path / "old.backup", tmp_path / "new"
    assert guanxi(other, "backup", file)[0] == 0
    code, printed, complained = guanxi(new, "restore", file, "--key", home / "key")
    assert (code, complained) == (0, "")
    assert re.search(r"brought to this version in \d+ steps?\b", printed)
    said = {one["about"]: one["level"] for one in json.loads(guanxi(new, "doctor", "--json")[1])}
    assert said["migrations"] == "fine"


def test_a_proof_restores_aside_and_leaves_nothing_but_its_note(other, tmp_path):
    aside = tmp_path / "aside"
    aside.mkdir()
    stale = aside / "guanxi-verify-killed"
    stale.mkdir()
    (stale / "lock").touch()
    code, printed, complained = guanxi(other, "backup", "--verify", "--json", TMPDIR=str(aside))
    assert (code, complained) == (0, "")
    told = json.loads(printed)
    assert told["verified"]["rows"] == told["rows"] > 0
    assert (told["verified"]["problems"], told["verified"]["file"]) == ([], told["file"])
    assert list(aside.iterdir()) == []
    code, printed, _ = guanxi(other, "verify")
    assert (code, printed.startswith(f"{told['file']} can be restored: ")) == (0, True)
    code, printed, _ = guanxi(tmp_path / "bare", "verify", told["file"], "--key", other / "key")
    assert (code, "can be restored" in printed, (tmp_path / "bare").exists()) == (0, True, False)
    said = {one["about"]: one["said"] for one in json.loads(guanxi(other, "doctor", "--json")[1])}
    assert said["backup"].startswith("The last backup is less than an hour old, the last proof")


def test_a_file_that_was_damaged_or_gone_is_told_and_the_rest_is_restored(other, home, tmp_path):
    inside(other, 'workspace.import_run("Name,City\\nBob,York\\n")')
    rotten, gone = sorted((other / "files").iterdir())
    rotten.write_bytes(b"bits rot")
    gone.unlink()
    file = tmp_path / "rotten.backup"
    assert guanxi(other, "backup", file)[0] == 0
    code, printed, _ = guanxi(tmp_path / "new", "restore", file, "--key", home / "key")
    assert code == 1
    assert f"Files that were damaged already when the backup was made: 1, first {rotten.name}." in printed
    assert f"Files that were gone already when the backup was made: 1, first {gone.name}." in printed
    assert inside(tmp_path / "new", "print(Customer.objects.get().name)") == "Ann\n"


def test_however_large_it_is_it_takes_no_more_memory(other, home, tmp_path):
    sql(other, "CREATE TABLE large AS SELECT repeat(md5(g::text), 8) AS text FROM generate_series(1, 700000) g")
    inside(other, "import os; files.keep(SYSTEM, (os.urandom(1 << 20) for _ in range(150)))")
    file, new = tmp_path / "large.backup", tmp_path / "new"
    grown = int(inside(other, GROWN.format(act=f"making.make(Path({str(file)!r}))")))
    assert file.stat().st_size > 150 << 20
    assert grown < 80, f"{grown} MB"
    key = (home / "key").read_text().split()
    restore = (
        f"with reading(Path({str(file)!r}), {key}) as reader: restoring.restore(reader, replace=False, keeps=False)"
    )
    assert int(inside(new, GROWN.format(act=restore))) < 80


GROWN = """
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from guanxi.app.backup import making, restoring
from guanxi.app.backup.archive import reading
before = getrusage(RUSAGE_SELF).ru_maxrss
{act}
print((getrusage(RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def test_a_place_that_cannot_be_written_to_is_said(home, backup, tmp_path):
    before = backup.read_bytes()
    for place, said in (
        (tmp_path / "nowhere" / "x.backup", "No such file or directory"), (Path("/proc/x.backup"), ""),
        (backup, "There is a file"),
    ):  # fmt: skip
        code, printed, complained = guanxi(home, "backup", place)
        assert (code, printed) == (1, "")
        assert str(place) in complained and said in complained
    assert backup.read_bytes() == before


@pytest.mark.skipif(not may_mount(), reason="only root on Linux can make a small disk")
def test_a_disk_that_is_full_is_said_and_nothing_is_left_on_it(home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine lets nobody make a small disk")
    try:
        code, printed, complained = guanxi(home, "backup", disk / "x.backup")
        assert (code, printed) == (1, "")
        assert "No space left on device" in complained and "[backup.not_written]" in complained
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.skipif(not may_mount(), reason="only root on Linux can make a small disk")
def test_a_disk_that_fills_while_it_is_restored_is_said_and_once_there_is_room_it_is_restored(other, home, tmp_path):
    inside(other, "import os; files.keep(SYSTEM, [os.urandom(8 << 20)])")
    file, pipe, disk = tmp_path / "x.backup", tmp_path / "pipe", tmp_path / "disk"
    assert guanxi(other, "backup", file)[0] == 0
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine lets nobody make a small disk")
    try:
        os.mkfifo(pipe)
        process = started(disk / "home", "restore", str(pipe), "--key", str(home / "key"))
        with suppress(BrokenPipeError), pipe.open("wb") as half:
            half.write(file.read_bytes()[: 3 << 20])
            half.flush()
            until(lambda: loading(disk / "home"), what="the load")
            ballast = fill(disk)
            half.write(file.read_bytes()[3 << 20 :])
        _, complained = process.communicate(timeout=120)
        assert process.returncode in (1, 2) and "Traceback" not in complained
        assert "No space left on device" in complained or "became full" in complained
        code, _, complained = guanxi(disk / "home", "restore", file, "--key", home / "key")
        assert code == 1 and "[backup.no_room_here]" in complained
        ballast.unlink()
        assert not (disk / "home" / "postgres" / "data").exists() and not (disk / "home" / "key").exists()
        assert guanxi(disk / "home", "restore", file, "--key", home / "key")[0] == 0
        assert inside(disk / "home", "print(Customer.objects.get().id_number.opened())").strip() == NUMBER
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_killed_midway_it_leaves_nothing_that_counts_as_a_backup(other, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with available(other), connect(other) as connection:
        connection.execute("BEGIN; LOCK TABLE customers_customer")  # pg_dump waits for it
        process = started(other, "backup", str(folder / "x.backup"))
        until(lambda: list(folder.iterdir()), what="the beginning")
        time.sleep(0.5)
        process.kill()
        process.communicate()
        (left,) = folder.iterdir()
        assert left.name.startswith("x.backup.") and left.suffix == ".part"
        connection.execute("ROLLBACK")
        assert guanxi(other, "verify", left)[0] == 1
        assert guanxi(other, "backup", folder / "x.backup")[0] == 0


def test_a_restore_killed_midway_leaves_nothing_and_can_be_begun_anew(other, home, tmp_path):
    inside(other, "import os; files.keep(SYSTEM, [os.urandom(4 << 20)])")
    file, pipe, new = tmp_path / "x.backup", tmp_path / "pipe", tmp_path / "new"
    assert guanxi(other, "backup", file)[0] == 0
    os.mkfifo(pipe)
    process = started(new, "restore", str(pipe), "--key", str(home / "key"))
    with pipe.open("wb") as half:
        half.write(file.read_bytes()[: 3 << 20])
        half.flush()
        until(lambda: loading(new), what="the load")
        process.kill()
        process.communicate()
    with available(new), connect(new) as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'customers%'").fetchone() == (0,)
    assert not (new / "key").exists()
    for words in (("up",), ("measures", "list"), ("backup", tmp_path / "nothing.backup")):
        code, printed, complained = guanxi(new, *words)
        assert (code, printed) == (2, "") and f"A restore into {new} was not finished" in complained, words
    said = {one["about"]: one["said"] for one in json.loads(guanxi(new, "doctor", "--json")[1])}
    assert "Do it once more: guanxi restore FILE" in said["key"]
    assert guanxi(new, "restore", file, "--key", home / "key")[0] == 0
    assert inside(new, "print(Customer.objects.get().id_number.opened())").strip() == NUMBER


def loading(home: Path) -> bool:
    """Whether somebody has tables there that nobody else sees yet."""
    try:
        with connect(home) as connection:
            asked = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation'"
            return int(connection.execute(asked).fetchone()[0]) > 60
    except psycopg.OperationalError:
        return False


def test_the_worker_of_a_running_house_makes_and_proves_one(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with living() as house:
        inside(house.home, WANT.format(folder=str(folder)))
        until(lambda: list(folder.glob("guanxi-*.backup")), seconds=120, what="the backup")
        with connect(house.home) as connection:
            asked = "SELECT value FROM kernel_mark WHERE name = 'backup_verified'"
            until(lambda: connection.execute(asked).fetchone(), seconds=120, what="the proof")
            assert connection.execute("SELECT value FROM kernel_mark WHERE name = 'backup_failed'").fetchone() == ("",)
        assert len(list(folder.iterdir())) == 1


WANT = """
from guanxi.app.backup.schedule import back_up
from guanxi.kernel.settings import choose
choose(SYSTEM, "backup.folder", {folder!r})
back_up.defer()
"""


@pytest.fixture
def fifteen() -> Iterator[str]:
    """A PostgreSQL 15 of one's own, empty."""
    if not DEBIAN.exists():
        pytest.skip("no PostgreSQL 15: `apt-get install postgresql-15`")
    with tempfile.TemporaryDirectory(prefix="pg-") as place:
        Path(place).chmod(0o755)
        with debian(Path(place) / "15") as address:
            yield address


def test_from_the_embedded_database_into_an_older_one_of_ones_own_and_back(home, backup, fifteen, tmp_path):
    new, files = tmp_path / "new", tmp_path / "shared"
    own = {"DATABASE_URL": fifteen, "GUANXI_FILES": str(files)}
    code, _, complained = guanxi(new, "restore", backup, "--key", home / "key", **own)
    assert (code, complained) == (0, "")
    assert read(new, **own) == read(home)
    assert not (new / "postgres").exists() and len(list((files / "files").iterdir())) == 1
    assert guanxi(new, "restore", backup, "--replace", **own)[0] == 0
    file = tmp_path / "own.backup"
    assert guanxi(new, "backup", file, **own)[0] == 0
    assert guanxi(tmp_path / "embedded", "restore", file, "--key", home / "key")[0] == 0
    assert read(tmp_path / "embedded") == read(home)
    assert "PGPASSWORD" not in os.environ
