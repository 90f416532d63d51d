"""What scripts rely on: one JSON document on stdout, a sentence with a code on stderr, no traceback."""

import json
from argparse import ArgumentParser
from types import ModuleType
from typing import Any

import pytest

from guanxi.app.cli import _sentence
from guanxi.app.commands import imports, measures, segments, token, undo
from guanxi.commerce.orders.models import Order
from guanxi.kernel.actor import SYSTEM
from guanxi.lib.errors import Invalid
from guanxi.workspace.imports import running
from guanxi.workspace.imports.operations import start_import
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
ORDERS = """InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID
1,A,2,2026-01-02,10,K1
2,B,1,2026-01-03,5.50,K2
2,B,x,2026-01-03,5.50,K2
"""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


@pytest.fixture
def said(capsys):
    def run(command: ModuleType, *words: str) -> tuple[int, Any]:
        parser = ArgumentParser()
        command.arguments(parser)
        code = command.run(parser.parse_args([*words, "--json"]))
        return code, json.loads(capsys.readouterr().out)

    return run


def written(tmp_path, name: str, text: str) -> str:
    (tmp_path / name).write_text(text)
    return str(tmp_path / name)


def test_a_file_comes_in_is_counted_and_taken_back(said, tmp_path):
    file = written(tmp_path, "orders.csv", ORDERS)
    code, tried = said(imports, "orders", file, "--dry-run")
    assert (code, tried["created"], tried["failed"], tried["change_set"]) == (1, 2, 1, None)
    assert not Order.objects.exists()
    code, done = said(imports, "orders", file)
    assert code == 1
    assert {n: done[n] for n in ("read", "created", "updated", "skipped", "failed")} == {
        "read": 3, "created": 2, "updated": 0, "skipped": 0, "failed": 1,
    }  # fmt: skip
    (problem,) = done["problems"]
    assert problem["fields"] == {"quantity": "“x” is not a number."}
    assert (problem["code"], problem["message"][:10]) == ("import.row_unreadable", "Some cells")
    _, shown = said(measures, "show", "commerce.revenue", "--by", "month")
    assert float(shown["total"]["sum"]) == 25.5
    condition = written(tmp_path, "c.json", json.dumps({"field": "key", "op": "is", "value": "K1"}))
    assert said(segments, "count", condition)[1]["count"] == 1
    _, taken = said(undo, done["change_set"], "--dry-run")
    assert taken["removed"]["commerce.order"] == 2
    code, taken = said(undo, done["change_set"])
    assert (code, taken["kept"], Order.objects.count()) == (0, [], 0)


@pytest.mark.parametrize(
    "map_", [{"encoding": "utf-8"}, {"order": "ymd"}, {"mapping": {"name": "Wer"}, "order": "ymd"}, {"name": "Wer"}]
)
def test_a_map_is_a_mapping_or_holds_one_beside_how_to_read(said, tmp_path, map_):
    heading = "Wer" if "Wer" in json.dumps(map_) else "Name"
    file, given = (
        written(tmp_path, "a.csv", f"{heading},City\nAnn,Leeds\n"),
        written(tmp_path, "m.json", json.dumps(map_)),
    )
    code, done = said(imports, "customers", file, "--map", given)
    assert (code, done["created"]) == (0, 1)


@pytest.mark.parametrize(
    ("command", "words", "near"),
    [
        (imports, ("custmers", "DATA"), "“customers”"),
        (imports, ("customers", "DATA", "--map", "MAP"), "“City”"),
        (measures, ("show", "revenue"), "“commerce.revenue”"),
        (measures, ("show", "commerce.revenue", "--by", "mnth"), "“month”"),
        (measures, ("show", "commerce.revenue", "--where", "WHERE"), "“unit_price”"),
        (segments, ("count", "WHERE", "--record", "custmers"), "“customers”"),
        (segments, ("count", "WHERE", "--record", "order_lines"), "“unit_price”"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(said, tmp_path, command, words, near):
    files = {
        "DATA": written(tmp_path, "data", "Name,City\nAnn,Leeds\n"),
        "MAP": written(tmp_path, "map", '{"name": "Name", "city": "Citty"}'),
        "WHERE": written(tmp_path, "where", '{"field": "unitprice", "op": "is", "value": 1}'),
    }
    with nothing_changes(), pytest.raises(Invalid) as raised:
        said(command, *(files.get(word, word) for word in words))
    assert near in _sentence(raised.value).partition("Did you mean ")[2]


@pytest.mark.parametrize(
    ("command", "words", "code"),
    [
        (imports, ("customers", "nowhere.csv"), "file.missing"),
        (imports, ("customers", "DATA", "--map", "nowhere"), "file.missing"),
        (imports, ("customers", "DATA", "--map", "DATA"), "file.not_json"),
        (imports, ("rivers", "DATA"), "import.unknown_noun"),
        (measures, ("show", "commerce.revenue", "--where", "DATA"), "file.not_json"),
        (measures, ("show", "x.y"), "measure.unknown"),
        (segments, ("count", "DATA"), "file.not_json"),
        (token, ("create", "--email", "a@b.test"), "user.unknown"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(said, tmp_path, command, words, code):
    data = written(tmp_path, "data", "Name,City\nAnn,Leeds\n")
    with nothing_changes(), pytest.raises(Exception, match=code) as raised:
        said(command, *(data if word == "DATA" else word for word in words))
    assert _sentence(raised.value).endswith(f"[{code}]")
    assert not _sentence(raised.value).startswith("error.")


def test_a_sentence_names_the_fields():
    problem = Invalid("import.row_unreadable", fields={"name": Invalid("import.value_needed")})
    assert _sentence(problem).endswith("name: Nothing stands here, but it is needed. [import.row_unreadable]")


@pytest.mark.parametrize("words", [["create"], ["create", "--email", ""], ["--help"]])
def test_a_token_says_whom_it_acts_for_and_what_it_may_do(capsys, words):
    """Whoever asks, and whoever leaves it out, is told; the latter by exit code 2, as of any wrong command."""
    parser = ArgumentParser(prog="guanxi token", description=token.__doc__)
    token.arguments(parser)
    with nothing_changes(), pytest.raises(SystemExit) as ended:
        parser.parse_args(words)
    told = capsys.readouterr()
    said = " ".join((told.out or told.err).split())
    assert ended.value.code == (0 if words == ["--help"] else 2)
    assert "somebody who works here; it may do what they may, nothing else" in said


def test_a_worker_that_was_faster_is_waited_for_and_one_that_died_is_replaced(monkeypatch):
    run = start_import(SYSTEM, make.import_run(ORDERS, "orders").pk)
    real, slept = running._write_batch, []
    monkeypatch.setattr(running, "_write_batch", lambda *args: bool(slept) and real(*args))
    monkeypatch.setattr(running.time, "sleep", slept.append)
    done = running.write_or_wait(run.pk)
    assert (done.status, done.rows_created) == ("done", 2)
    assert sum(slept) == pytest.approx(running.PATIENCE, abs=2 * running.LOOKED_AFTER)


def test_the_end_of_what_a_worker_writes_is_known_at_once(monkeypatch):
    run = start_import(SYSTEM, make.import_run(ORDERS, "orders").pk)
    real, slept = running._write_batch, []

    def worker(seconds):
        slept.append(seconds)
        monkeypatch.setattr(running, "_write_batch", real)
        running.write(run.pk)

    monkeypatch.setattr(running, "_write_batch", lambda *_: False)  # the worker has the run
    monkeypatch.setattr(running.time, "sleep", worker)
    done = running.write_or_wait(run.pk)
    assert (done.status, done.rows_created, sum(slept)) == ("done", 2, running.LOOKED_AFTER)
