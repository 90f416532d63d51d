"""Pasted rows without headings: that they have none, and what their columns are by what stands in them."""

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.workspace.imports.recognition import are_letters, by_values, headed, letters, with_headings
from guanxi.workspace.imports.targets import of_noun
from tests.client import Api
from tests.factories import workspace as make

PEOPLE = "张伟\t13800138001\t成都\tzhang@example.test\n李秀英\t13800138002\t成都\tli@example.test\n"
CALLS = "2026-01-05 09:30\t13800138001\t呼入\t接通\n2026-01-06 10:00\t13800138002\t呼出\t未接\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.strip().split("\n")]


@pytest.mark.parametrize(
    ("noun", "text", "has"),
    [
        ("customers", "姓名\t手机\n张伟\t13800138001", True),
        ("customers", "Name\tTown\nAnn Lee\tLeeds", True),
        ("customers", PEOPLE, False),
        ("customers", "张伟\t成都\n李秀英\t杭州\n王芳\t成都", False),  # words alone, and nobody knows a heading
        ("customers", "Ann Lee\tLeeds\nBob Ray\tYork", False),
        ("customers", "Nom\tCourriel\nAnn Lee\tann@example.test\nBob\tbob@example.test", True),  # of another language
        ("conversations", CALLS, False),
        ("conversations", "phone\treached\t2026-01-05\nphone\tno_answer\t2026-01-06", False),
        ("conversations", "When\tPhone\n2026-01-05\t13800138001", True),
    ],
)
def test_whether_the_first_row_is_headings(noun, text, has):
    assert headed(of_noun(noun), rows(text)) is has


def under_letters(text: str) -> list[dict[str, str]]:
    found = rows(text)
    return [dict(zip(letters(len(found[0])), row, strict=True)) for row in found]


@pytest.mark.parametrize(
    ("noun", "text", "found"),
    [
        ("customers", PEOPLE, {"name": "A", "phone": "B", "email": "D"}),
        ("customers", "成都\t张伟\t女\n成都\t李娜\t女\n成都\t王芳\t男", {"name": "B", "gender": "C"}),
        (
            "customers",
            "Ann Lee\tann@example.test\t+44 113 496 0001\tUnited Kingdom\t12.03.1990\n"
            "Bob Ray\tbob@example.test\t+44 113 496 0002\tUnited Kingdom\t30.01.1985",
            {"name": "A", "email": "B", "phone": "C", "country": "D", "birthday": "E"},
        ),
        ("conversations", CALLS, {"at": "A", "phone": "B", "direction": "C", "result": "D"}),
        ("orders", "88001\t2026-09-01\tzhang@example.test", {"customer_email": "C", "ordered_at": "B"}),
        ("products", "11\t绿茶\n12\t红茶", {}),
    ],
)
def test_what_columns_are_by_what_stands_in_them(noun, text, found):
    assert by_values(of_noun(noun), under_letters(text), country="CN") == found


def test_letters_go_on_as_in_a_spreadsheet():
    assert letters(28)[24:] == ["Y", "Z", "AA", "AB"]
    assert are_letters(["A", "B"]) and not are_letters(["A", "C"])


@pytest.mark.parametrize("text", ["", "one\n", '"never closed\nnor here\n', "\ufeff张伟\t1\n李\t2\n"])
def test_nothing_that_was_pasted_is_lost(text):
    kept = b"".join(with_headings(of_noun("customers"), iter([text.encode(), b"more"])))
    assert kept.endswith(text.encode() + b"more")


@pytest.mark.django_db
def test_what_is_pasted_without_headings_is_seen_and_its_first_row_comes_in():
    choose(SYSTEM, "workspace.company.country", "CN")
    api = Api(make.user("owner"))
    sent = {"data": PEOPLE.encode(), "content_type": "text/csv"}
    look = api.client.post("/api/imports/upload?noun=customers&name=paste&pasted=true", **sent).json()
    assert (look["headings"], look["headless"], len(look["sample"])) == (["A", "B", "C", "D"], True, 2)
    assert look["suggested"] == {"name": "A", "phone": "B", "email": "D"}
    assert look["remarks"] == ["The rows have no headings: what each column is was seen from what stands in it."]
    plain = api.client.post("/api/imports/upload?noun=customers&name=file", **sent).json()
    assert (plain["headless"], plain["headings"][0]) == (False, "张伟")
