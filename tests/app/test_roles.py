"""A host does what it is told."""

from argparse import ArgumentParser

import pytest

from guanxi.app import port, roles
from guanxi.app.children import children

DATABASE = "postgresql://guanxi@127.0.0.1/guanxi"


@pytest.fixture
def named(monkeypatch):
    """A database that others use, too."""
    monkeypatch.setenv("DATABASE_URL", DATABASE)


def only(*words: str) -> tuple[str, ...]:
    """What is understood."""
    parser = ArgumentParser(prog="guanxi up")
    roles.add(parser)
    return tuple(parser.parse_args(words).only or ())


def test_what_is_named_is_done_and_nothing_else(named):
    assert only() == ()
    assert only("--only", "clock, worker") == ("worker", "clock")


@pytest.mark.parametrize(
    ("database", "word", "said"),
    [(DATABASE, "web,cook", "choose from web, worker, clock, mail"), ("", "worker", "name it in DATABASE_URL")],
)
def test_what_is_not_understood_is_said(monkeypatch, capsys, database, word, said):
    monkeypatch.setenv("DATABASE_URL", database)
    with pytest.raises(SystemExit):
        only("--only", word)
    assert said in capsys.readouterr().err


def test_a_host_without_web_takes_no_port(named, monkeypatch):
    taken = []
    monkeypatch.setattr(port, "take", lambda: taken.append(1))
    roles.open_port(["--only", "worker,clock"])
    assert not taken
    roles.open_port([])
    assert taken == [1]


def test_only_the_processes_of_its_roles_are_started(named):
    assert [child.name for child in children(("worker", "mail"), None)] == ["worker", "mail"]
