"""The doctor says in words what is wrong, and only what is."""

from datetime import timedelta

import pytest
from django.db import connection

from guanxi.app import doctor
from guanxi.app.doctor import Level
from guanxi.kernel.events import ATTEMPTS
from guanxi.kernel.models import Deadline, Failure, new_id
from guanxi.kernel.time import now
from tests.factories import channels as make


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    """A key file that is as it should be."""
    path = tmp_path / "key"
    path.write_text("first\nsecond\n")
    path.chmod(0o600)
    monkeypatch.setenv("GUANXI_KEY_FILE", str(path))
    return path


def test_a_closed_key_file_is_fine(key_file):
    assert doctor.key().level is Level.FINE
    assert "holds 2" in doctor.key().said


def test_a_key_file_that_others_can_read_is_wrong(key_file):
    key_file.chmod(0o644)

    assert doctor.key().level is Level.WRONG
    assert f"chmod 600 '{key_file}'" in doctor.key().said


def test_a_missing_key_file_is_wrong(key_file, settings):
    settings.EMBEDDED_DATABASE = False
    key_file.unlink()

    assert doctor.key().level is Level.WRONG


@pytest.mark.parametrize(("free", "level"), [(1 << 40, Level.FINE), (1 << 30, Level.LOOK), (1 << 20, Level.WRONG)])
def test_the_room_on_the_disk_is_judged(monkeypatch, free, level):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: doctor.shutil._ntuple_diskusage(1 << 41, 0, free))

    assert doctor.disk().level is level


def test_a_client_that_is_not_built_is_wrong(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "FOLDER", tmp_path)
    assert doctor.client().level is Level.WRONG

    (tmp_path / "index.html").touch()
    assert doctor.client().level is Level.FINE


def test_listening_to_others_without_https_is_worth_a_look(monkeypatch, settings):
    monkeypatch.setenv("HOST", "0.0.0.0")
    settings.URL = "http://crm.example.com"
    assert doctor.address().level is Level.LOOK

    settings.URL = "https://crm.example.com"
    assert doctor.address().level is Level.FINE


@pytest.mark.django_db
def test_a_healthy_database_is_fine():
    found = {each.about: each.level for each in (doctor.database(), doctor.migrations(), doctor.time(), doctor.clock())}

    assert found == dict.fromkeys(("database", "migrations", "time", "clock"), Level.FINE)


@pytest.mark.django_db(transaction=True)
def test_what_is_told_by_the_database_is_heard():
    assert doctor.telling().level is Level.FINE


@pytest.mark.django_db  # in a transaction that does not end, nothing is told
def test_what_is_told_but_not_heard_is_wrong(monkeypatch):
    monkeypatch.setattr(doctor, "HEARD", 0.2)

    assert doctor.telling().level is Level.WRONG
    assert "DATABASE_DIRECT_URL" in doctor.telling().said


@pytest.mark.django_db
def test_a_direct_address_that_leads_nowhere_is_wrong(settings):
    settings.DIRECT_DATABASE = {"HOST": "127.0.0.1", "PORT": "1"}

    assert doctor.telling().level is Level.WRONG
    assert "does not answer directly" in doctor.telling().said


@pytest.mark.django_db
def test_a_late_deadline_is_wrong():
    Deadline.objects.create(key="x", due_at=now() - timedelta(minutes=1), event="x.y", payload={}, origin="live")

    assert doctor.clock().level is Level.WRONG
    assert "60 s late" in doctor.clock().said


@pytest.mark.django_db
def test_a_worker_without_a_sign_of_life_is_worth_a_look():
    assert "never gave a sign of life" in doctor.worker().said
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    assert "gave its last sign of life at" in doctor.worker().said
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert doctor.worker().level is Level.FINE


def test_what_breaks_while_being_looked_at_is_a_finding():
    def breaks():
        raise RuntimeError("on purpose")

    assert doctor._examined(breaks).said == "This could not be looked at: RuntimeError: on purpose"


@pytest.mark.django_db
def test_a_mailbox_that_cannot_be_read_is_named_with_its_reason():
    assert doctor.mailboxes().level is Level.FINE
    make.mailbox(address="support@tea.test", problem="mailbox.refused_password", problem_since=now())

    assert doctor.mailboxes().level is Level.LOOK
    assert "support@tea.test since" in doctor.mailboxes().said


@pytest.mark.django_db
def test_an_effect_that_was_given_up_is_told_and_one_that_is_still_tried_is_not():
    Failure.objects.create(event_id=new_id(), handler="x.tried", attempts=ATTEMPTS - 1, error="x")
    assert doctor.handlers().level is Level.FINE
    Failure.objects.create(event_id=new_id(), handler="x.given_up", attempts=ATTEMPTS, error="Traceback\nValueError: y")

    assert "1 effects were given up, first x.given_up" in doctor.handlers().said
    assert "ValueError: y" in doctor.handlers().said


@pytest.mark.django_db
def test_a_job_that_waits_for_long_under_a_living_worker_is_worth_a_look():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        cursor.execute("INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('x', 'default', '{}')")
        assert doctor.worker().level is Level.FINE
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '1 hour'")

    assert doctor.worker().level is Level.LOOK
    assert "a job waits for 60 minutes" in doctor.worker().said


def test_no_room_for_uploads_is_worth_a_look(monkeypatch):
    assert doctor.uploads().level is Level.FINE
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: doctor.shutil._ntuple_diskusage(1 << 41, 0, 1 << 20))

    assert doctor.uploads().level is Level.LOOK
    assert "TMPDIR" in doctor.uploads().said
