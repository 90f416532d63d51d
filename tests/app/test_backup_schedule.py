"""Backups by the clock: once a day, by one alone, the newest kept; what stands in the way is told to the owner."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from guanxi.app import doctor
from guanxi.app.backup import keeping, notes, schedule
from guanxi.app.backup.making import make, named
from guanxi.app.doctor import Level
from guanxi.kernel import direct, months, secrets
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict
from guanxi.workspace.company.operations import first_run
from guanxi.workspace.imports import files
from guanxi.workspace.todos.models import Todo
from tests import databases
from tests.factories.workspace import import_run as make_import
from tests.factories.workspace import role as make_role

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, settings: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A company with an owner in a database that other programs see, and an empty folder for its backups."""
    settings.HOME, settings.FILES = tmp_path / "home", None
    folder = tmp_path / "folder"
    folder.mkdir()
    with django_db_blocker.unblock(), databases.apart("backup"), frozen(BEGIN):
        make_role("owner")
        first_run(
            company="Tea", language="en", zone="Asia/Shanghai", currency="CNY", line_of_work="shop",
            name="Olive Owner", email="olive@company.test", password="correct horse battery",
        )  # fmt: skip
        yield folder


@pytest.fixture
def daily(house: Path) -> Path:
    """The same, with the folder chosen; nothing is proved."""
    choose(SYSTEM, "backup.folder", str(house))
    choose(SYSTEM, "backup.verify_days", 0)
    return house


def tick(at: datetime) -> None:
    """What the clock does then."""
    with frozen(at):
        schedule.back_up.function()


def names(folder: Path) -> list[str]:
    """What lies there."""
    return sorted(path.name for path in folder.iterdir())


def open_todos() -> list[tuple[str, str, str]]:
    """What the owner is told about backups."""
    rows = Todo.objects.filter(source__startswith=schedule.SOURCE, done_at=None).select_related("owner")
    return [(row.owner.name, row.subject, row.note) for row in rows]


def test_once_a_day_after_its_time_in_the_companys_zone(daily):
    choose(SYSTEM, "backup.at", "03:00")  # 19:00 of the day before in UTC
    tick(BEGIN)
    assert names(daily) == ["guanxi-2026-03-02T12-00-00Z.backup"]
    for minutes in (5, 60, 6 * 60 + 59):
        tick(BEGIN + timedelta(minutes=minutes))
    assert len(names(daily)) == 1
    tick(BEGIN + timedelta(hours=7))
    tick(BEGIN + timedelta(hours=7, minutes=5))
    assert names(daily)[1:] == ["guanxi-2026-03-02T19-00-00Z.backup"]
    tick(BEGIN + timedelta(days=3))  # the machine slept: one for all that were missed
    assert len(names(daily)) == 3


def test_nothing_is_made_by_the_clock_where_no_folder_is_chosen(house):
    tick(BEGIN)
    assert names(house) == []


def test_of_several_hosts_one_makes_it(daily):
    with psycopg.connect(**{**direct.parameters(), "autocommit": True}) as other:
        other.execute("SELECT pg_advisory_lock(%s::bigint)", [schedule.LOCK])
        tick(BEGIN)
        assert names(daily) == []
    tick(BEGIN)
    assert len(names(daily)) == 1


def test_the_newest_are_kept_and_what_is_not_ours_stays(daily):
    choose(SYSTEM, "backup.keep", 2)
    foreign = daily / "guanxi-2020-01-01T00-00-00Z.backup"
    foreign.write_bytes(b"guanxi backup 0001 00000000\n")
    (daily / "letter.txt").touch()
    for day in range(4):
        tick(BEGIN + timedelta(days=day))
    kept = ["guanxi-2026-03-04T12-00-00Z.backup", "guanxi-2026-03-05T12-00-00Z.backup"]
    assert names(daily) == [foreign.name, *kept, "letter.txt"]


def test_what_was_left_unfinished_goes_once_it_is_old(daily):
    killed = daily / "guanxi-2026-03-01T00-00-00Z.backup.0123abcd.part"
    killed.touch()
    made = make(daily / "guanxi-2026-03-02T12-00-00Z.backup")
    with frozen(datetime.fromtimestamp(killed.stat().st_mtime, UTC) + timedelta(minutes=30)):
        keeping.thin_out(daily, Path(made.file))
        assert killed.exists()
    with frozen(datetime.fromtimestamp(killed.stat().st_mtime, UTC) + timedelta(hours=2)):
        keeping.thin_out(daily, Path(made.file))
    assert names(daily) == [Path(made.file).name]


def test_a_folder_that_is_gone_is_told_to_the_owner_once_and_settles_itself(daily):
    daily.rmdir()
    tick(BEGIN)
    tick(BEGIN + timedelta(minutes=5))  # not tried again so soon
    daily.mkdir()
    tick(BEGIN + timedelta(minutes=10))
    assert names(daily) == []
    ((owner, subject, note),) = open_todos()
    assert (owner, subject) == ("Olive Owner", "The daily backup did not succeed")
    assert f"The folder for backups, “{daily}”, is not there" in note
    with frozen(BEGIN):
        assert doctor.backups().level is Level.WRONG
        assert "did not succeed at 2026-03-02 12:00 UTC" in doctor.backups().said
    tick(BEGIN + timedelta(hours=1))
    assert len(names(daily)) == 1
    assert open_todos() == []
    with frozen(BEGIN + timedelta(hours=1)):
        assert doctor.backups().level is Level.LOOK  # never proved


def test_a_company_without_a_backup_for_a_week_is_told_in_its_language(house):
    tick(BEGIN + timedelta(days=6))
    assert open_todos() == []
    tick(BEGIN + timedelta(days=7))
    tick(BEGIN + timedelta(days=8))
    ((owner, subject, note),) = open_todos()
    assert (owner, subject) == ("Olive Owner", "There is no backup yet")
    assert "guanxi backup" in note
    with frozen(BEGIN + timedelta(days=8)):
        make(named(house, BEGIN))
    tick(BEGIN + timedelta(days=8, minutes=5))
    assert open_todos() == []
    tick(BEGIN + timedelta(days=16))
    assert [subject for _, subject, _ in open_todos()] == ["The last backup is more than a week old"]


def test_a_failure_takes_the_place_of_what_was_asked_before(house):
    tick(BEGIN + timedelta(days=7))
    choose(SYSTEM, "backup.folder", str(house / "nowhere"))
    tick(BEGIN + timedelta(days=7, minutes=5))
    tick(BEGIN + timedelta(days=7, hours=2))
    assert [subject for _, subject, _ in open_todos()] == ["The daily backup did not succeed"]


def test_now_and_then_the_newest_is_proved(daily):
    choose(SYSTEM, "backup.verify_days", 7)
    tick(BEGIN)
    assert notes.when(notes.VERIFIED) == BEGIN
    assert open_todos() == []
    with frozen(BEGIN + timedelta(hours=50)):
        assert doctor.backups().level is Level.FINE
        assert "2 days old, the last proof that one can be restored 2 days." in doctor.backups().said


def test_a_proof_that_finds_something_is_told_until_it_is_mended(daily, settings):
    choose(SYSTEM, "backup.verify_days", 7)
    run = make_import()
    (files.folder() / run.file).write_bytes(b"bits rot")
    tick(BEGIN)
    first = Todo.objects.get(source__startswith=schedule.SOURCE)
    assert f"Files that were damaged already when the backup was made: 1, first {run.file}." in first.note
    tick(BEGIN + timedelta(days=1))
    assert Todo.objects.get(source__startswith=schedule.SOURCE) == first and first.done_at is None
    (files.folder() / run.file).unlink()
    make_import()
    tick(BEGIN + timedelta(days=2))
    assert open_todos() == []
    assert notes.when(notes.VERIFIED) == BEGIN + timedelta(days=2)


def test_the_doctor_says_how_old_the_last_backup_is(house):
    with frozen(BEGIN):
        assert doctor.backups().level is Level.LOOK
        assert doctor.backups().said.startswith("No backup has ever been made: guanxi backup.")
        notes.note(notes.MADE)
        assert "none was ever proved" in doctor.backups().said
        notes.note(notes.VERIFIED)
        assert doctor.backups().level is Level.FINE
    with frozen(BEGIN + timedelta(days=12)):
        assert doctor.backups().level is Level.LOOK
        assert doctor.backups().said.startswith("The last backup is 12 days old. Make one: guanxi backup.")


def test_what_comes_meanwhile_is_not_in_it_and_harms_nothing(house):
    """Counted is the moment that is backed up, whatever is written while it is read."""
    before = make(house / "one.backup")
    with psycopg.connect(**direct.parameters()) as writing:
        writing.execute("INSERT INTO kernel_mark (name, value) VALUES ('open', '1')")
        during = make(house / "two.backup")
    assert during.rows == before.rows + 1  # that the first was made
    with pytest.raises(Conflict, match="already_there"):
        make(house / "two.backup")


def test_who_reads_for_long_holds_up_nobody_who_writes(house, monkeypatch):
    """The parts of coming months wait for another day: all that read or write after would wait behind them."""
    monkeypatch.setattr(months, "PATIENCE", "100ms")
    with psycopg.connect(**direct.parameters()) as reading, frozen(BEGIN + timedelta(days=365)):
        reading.execute("SELECT count(*) FROM kernel_evententry")
        months.prepare()
        reading.execute("SELECT to_regclass('kernel_evententry_2027_03')")
        reading.rollback()
        months.prepare()
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('kernel_evententry_2027_03') IS NOT NULL")
            assert cursor.fetchone() == (True,)


def test_it_is_sealed_with_the_newest_key(house):
    made = make(house / "one.backup")
    assert Path(made.file).read_bytes()[19:27].decode() == secrets.key_id(secrets.keys()[0])
