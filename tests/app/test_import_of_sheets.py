"""`guanxi import` with a workbook: one sheet, what is special about it, and a refusal that says what there is."""

import json
from argparse import ArgumentParser

import pytest

from guanxi.app.commands import imports
from guanxi.customers.customers.models import Customer
from guanxi.lib.errors import Invalid
from tests.unchanged import nothing_changes
from tests.workbooks import Row, workbook

pytestmark = pytest.mark.django_db
SHEETS = {"Notes": [], "People": [("Name", "City"), Row(("Ann", "Leeds"), hidden=True)], "Old": [("Name",), ("Zoe",)]}


@pytest.fixture
def told(settings, tmp_path, capsys):
    settings.HOME = tmp_path / "home"
    (tmp_path / "people.xlsx").write_bytes(workbook(SHEETS))
    parser = ArgumentParser()
    imports.arguments(parser)

    def run(*words: str) -> tuple[int, dict]:
        code = imports.run(parser.parse_args(["customers", str(tmp_path / "people.xlsx"), "--json", *words]))
        return code, json.loads(capsys.readouterr().out)

    return run


def test_the_first_sheet_with_rows_comes_in_and_what_is_hidden_is_said(told):
    code, said = told()
    assert (code, said["created"], said["mapping"]) == (0, 1, {"name": "Name", "city": "City"})
    assert said["remarks"] == ["1 row is hidden in the spreadsheet and comes in, too."]
    assert Customer.objects.get().city == "Leeds"


def test_another_sheet_is_named_and_tried(told):
    code, said = told("--sheet", "Old", "--dry-run")
    assert (code, said["status"], said["created"], said["remarks"]) == (0, "checked", 1, [])
    assert not Customer.objects.exists()


def test_a_sheet_that_is_not_there_is_refused(told):
    with nothing_changes(), pytest.raises(Invalid, match="workbook.no_such_sheet"):
        told("--sheet", "Oldest")
