"""Hosts of one company know a folder and a key that are not theirs."""

import pytest

from guanxi.app import company, doctor
from guanxi.app.doctor import Level
from guanxi.app.environment import Misconfigured
from guanxi.kernel.models import Mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(settings, tmp_path):
    """The first host of a company on a database of its own."""
    settings.EMBEDDED_DATABASE = False
    settings.FILES = tmp_path / "first"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old key", []
    company.meet()


def test_a_host_that_shares_folder_and_key_is_fine(first):
    company.meet()
    assert doctor.hosts().level is Level.FINE
    assert Mark.objects.count() == 2


def test_another_folder_is_told_and_never_marked_by_itself(first, settings, tmp_path):
    settings.FILES = tmp_path / "second"
    company.meet()
    assert not company.mark_file().exists()
    assert doctor.hosts().level is Level.WRONG
    assert str(tmp_path / "second") in company.other_folder()

    company.mark_file().parent.mkdir()
    company.mark_file().write_text(f"{Mark.objects.get(name='files').value}\n")  # as the sentence says
    assert doctor.hosts().level is Level.FINE


def test_another_key_is_refused_until_it_is_made_the_one(first, settings):
    before = list(Mark.objects.order_by("name").values())
    settings.SECRET_KEY = "somebody else's"
    with pytest.raises(Misconfigured, match="does not hold the key of this company"):
        company.meet()
    assert list(Mark.objects.order_by("name").values()) == before

    company.note_key()
    company.meet()
    assert doctor.hosts().level is Level.FINE


def test_a_newer_key_before_the_old_one_becomes_the_one_and_hosts_without_it_are_told(first, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new key", ["old key"]
    company.meet()

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old key", []
    assert doctor.hosts().level is Level.WRONG


def test_with_the_embedded_database_there_is_only_one_host(first, settings, tmp_path):
    settings.EMBEDDED_DATABASE = True
    settings.FILES, settings.SECRET_KEY = tmp_path / "second", "another"
    assert doctor.hosts().level is Level.FINE
