"""What an importer learns of records that they do not see: that a number is taken, whatever they guess of it."""

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import check_import, start_import
from guanxi.workspace.imports.targets import targets
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
OWN = {"customers.*": 1, "channels.*": 1, "commerce.*": 1, "workspace.import.*": 4}
SOLD = "Invoice,Date,Code,Quantity,Price\n7,2026-01-02,A,1,"
AGREED = "Customer number,Purpose,How,Wording,Place,Date\nK1,marketing,ticked,"
CALLED = "Customer number,Date,Result,Note\nK1,2025-01-01,"
HIDDEN = {
    "customers": (
        "Key,Name,E-mail\nK1,Anna Ito,anna@example.test\n",
        (
            "Key,E-mail\nK1,anna@example.test\n", "Key,E-mail\nK1,bob@example.test\n", "E-mail\nanna@example.test\n",
            "Key,Name\nK1,Anna Ito\n", "Key,Name,Birthday\nK1,Anna Ito,1.1.1980\n",
        ),
    ),
    "products": (
        "Code,Name\nA,Lantern\n",
        ("Code,Name\nA,Lantern\n", "Code,Name\nA,Heart\n", "Code\nA\n", "Code,Category\nA,Toys\n"),
    ),
    "orders": (
        f"{SOLD}128\n",
        (f"{SOLD}128\n", f"{SOLD}129\n", "Invoice,Line number,Date,Code,Quantity,Price\n7,2,2026-01-02,A,1,128\n"),
    ),
    "contacts": (
        "Person ID,Company ID,Role\nK1,O1,Boss\n",
        tuple(f"Person ID,Company ID,Role\nK1,O1,{role}\n" for role in ("Boss", "Clerk", "")),
    ),
    "consents": (
        f"{AGREED}I agree,Shop,2025-01-01\n",
        tuple(f"{AGREED}{said}\n" for said in ("I agree,Shop,2025-01-01", "No idea,Shop,2025-01-01", "x,y,2025-01-02")),
    ),
    "conversations": (
        f"{CALLED}reached,Hello\n", tuple(f"{CALLED}{said}\n" for said in ("reached,Hello", "reached,Bye", "missed,")),
    ),
}  # fmt: skip
"""A file that somebody else brought in, and what is guessed of it, right and wrong."""
PEOPLE = "Key,Name,Kind\nK1,Anna Ito,person\nO1,Roe Ltd,organisation\n"
ABOUT = ("contacts", "consents", "conversations")
"""What is about customers who are there."""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def checked(text: str, noun: str, importer) -> tuple:
    """All that a check of a file tells its importer."""
    run = make.import_run(text, noun, order="dmy")
    check_import(SYSTEM, run.pk)
    ImportRun.objects.filter(pk=run.pk).update(owner=importer)
    done = running.check(run.pk)
    problems = [(row.number, row.problem) for row in ImportProblem.objects.filter(run=run)]
    return done.status, done.rows_created, done.rows_updated, done.rows_skipped, done.rows_failed, problems


@pytest.mark.parametrize("noun", targets())
def test_a_guess_about_a_hidden_record_is_answered_alike_whether_right_or_wrong(noun):
    there, guesses = HIDDEN[noun]
    if noun in ABOUT:
        running.write(start_import(SYSTEM, make.import_run(PEOPLE).pk).pk)
    running.write(start_import(SYSTEM, make.import_run(there, noun).pk).pk)
    importer = make.holder(OWN)
    told = [checked(guess, noun, importer) for guess in guesses]
    assert told == [told[0]] * len(guesses)
    assert told[0][:-1] == ("checked", 0, 0, 0, 1)


def test_who_reads_no_lines_learns_none_of_an_order_that_they_see():
    there, (right, wrong, _) = HIDDEN["orders"]
    running.write(start_import(SYSTEM, make.import_run(there, "orders").pk).pk)
    importer = make.holder({**OWN, "commerce.*": 4, "customers.*": 4, "commerce.order_line.read": 0})
    assert checked(right, "orders", importer) == checked(wrong, "orders", importer)


def test_one_s_own_records_are_compared_as_before():
    seller = make.holder(OWN)
    there, (right, wrong, _) = HIDDEN["orders"]
    run = make.import_run(there, "orders")
    start_import(actor_of(seller.pk), run.pk)
    running.write(run.pk)
    assert checked(right, "orders", seller)[:-1] == ("checked", 0, 0, 1, 0)
    assert checked(wrong, "orders", seller)[-1][0][1]["code"] == "import.place_taken"


@pytest.mark.parametrize("noun", ABOUT)
def test_who_is_not_seen_is_answered_as_who_is_not_there(noun):
    _, (guess, *_) = HIDDEN[noun]
    importer = make.holder(OWN)
    before = checked(guess, noun, importer)
    running.write(start_import(SYSTEM, make.import_run(PEOPLE).pk).pk)
    assert checked(guess, noun, importer) == before
    assert before[-1][0][1]["fields"]


def test_who_sees_a_customer_but_not_the_calls_of_others_learns_none_of_them():
    there, (right, wrong, _) = HIDDEN["conversations"]
    running.write(start_import(SYSTEM, make.import_run(PEOPLE).pk).pk)
    running.write(start_import(SYSTEM, make.import_run(there, "conversations").pk).pk)
    importer = make.holder({**OWN, "customers.*": 4})
    assert checked(right, "conversations", importer) == checked(wrong, "conversations", importer)
    assert checked(right, "conversations", importer)[1] == 1
