"""Lists of calls and visits of before: what was said when, without clocks, receipts, to-dos or pressure."""

import pytest

from guanxi.channels.conversations.call_lists import seconds
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate.models import Approach
from guanxi.channels.ratings.models import Rating
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Invalid
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
CALLS = """通话时间,对方号码,呼叫方向,通话结果,通话时长,通话内容
2026-01-05 09:30,138 0013 8001,呼入,接通,2:05,询问新茶价格
2026-01-05 10:00,13800138001,呼出,未接,,
2026-01-05 10:00,13800138001,呼出,未接,,
2026-01-06,13900139000,呼出,接通,,
2026-01-06,13800138001,呼出,已寄出,,
2999-01-01,13800138001,呼出,接通,久,
"""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def wang():
    one = customers.customer(name="王芳", key="K1")
    customers.contact_point(one, kind="phone", value="+8613800138001")
    return one


def written(text: str) -> ImportRun:
    run = make.import_run(text, "conversations", order="ymd", country="CN")
    return running.write(start_import(SYSTEM, run.pk).pk)


def test_a_list_of_calls_becomes_closed_conversations_with_their_result(wang):
    run = written(CALLS)
    assert (run.status, run.rows_created, run.rows_failed) == ("done", 3, 3)
    first = Conversation.objects.get(messages=1, result="reached")
    assert (first.customer, first.channel, first.status, first.with_name, first.subject) == (
        wang, "phone", "closed", "王芳", "询问新茶价格",
    )  # fmt: skip
    assert first.contact_point.value == "+8613800138001"
    said = Message.objects.get(conversation=first)
    assert (said.direction, said.duration_seconds, said.at) == ("in", 125, first.closed_at)
    problems = {one.number: one.problem["fields"] for one in ImportProblem.objects.all()}
    assert {number: {n: p["code"] for n, p in fields.items()} for number, fields in problems.items()} == {
        5: {"phone": "import.no_such_customer"}, 6: {"result": "conversation.needs_result"},
        7: {"at": "conversation.in_the_future", "duration": "conversation.not_a_duration"},
    }  # fmt: skip


def test_two_calls_of_the_same_minute_are_two_and_the_same_file_again_adds_nothing(wang):
    written(CALLS)
    assert Message.objects.filter(result="no_answer").count() == 2
    again = written(CALLS)
    assert (again.rows_created, again.rows_skipped, Message.objects.count()) == (0, 3, 3)


def test_nothing_waits_counts_or_is_ticked_off_for_what_is_past(wang):
    todo = make.todo(kind="call", customer=wang.pk)
    written(CALLS)
    drain()
    assert {one.waiting_since for one in Conversation.objects.all()} == {None}
    assert not Approach.objects.exists()
    todo.refresh_from_db()
    assert todo.done_at is None
    told = EventEntry.objects.filter(name="channels.contact_logged")
    assert set(told.values_list("origin", flat=True)) == {"import"}
    assert {one.occurred_at for one in told} == set(Message.objects.values_list("at", flat=True))


def test_undone_as_one(wang):
    run = written(CALLS)
    report = undo(SYSTEM, run.change_set)
    assert (report.removed["channels.conversation"], report.removed["channels.message"]) == (3, 3)
    assert not Conversation.objects.exists()


def test_visits_and_letters_by_key_in_english_open_afterwards(wang):
    run = written(
        "Customer number,Date,Type,Outcome,Notes\nK1,2026-01-07,Visit,Not there,\nK1,2026-01-08,Letter,Sent,Brochure\n"
    )
    assert (run.rows_created, run.rows_failed) == (2, 0)
    where = {"field": "written_in", "op": "is", "value": str(run.change_set)}
    rows = Api(make.user("owner")).get("conversations", where=where)["rows"]
    assert {(row["channel"], row["result"]) for row in rows} == {("visit", "not_met"), ("letter", "sent")}


def test_who_called_is_found_by_name_short_name_or_address(wang):
    ann, bob = make.user("agent", name="Ann Lee", email="ann@tea.test"), make.user("agent", name="鲍勃 Bob Ray")
    head = "Customer number,When,Result,Note,Called by\n"
    said = ["Ann Lee", "bob", "ann@tea.test", "Cid", "", "鲍勃"]
    run = written(head + "".join(f"K1,2026-01-{day:02},reached,{name},{name}\n" for day, name in enumerate(said, 5)))
    assert (run.rows_created, run.rows_failed) == (5, 1)
    authors = dict(Message.objects.values_list("text", "author"))
    assert authors == {"Ann Lee": ann.pk, "bob": bob.pk, "ann@tea.test": ann.pk, "": None, "鲍勃": bob.pk}
    owners = dict(Conversation.objects.values_list("subject", "owner"))
    assert owners == authors
    problem = ImportProblem.objects.get()
    assert (problem.number, problem.problem["fields"]["agent"]["code"]) == (5, "import.no_such_user")
    by_agent = Api(make.user("owner")).get("measures/channels.contacts.logged", by="agent")["groups"]
    assert {group["label"]: group["cases"] for group in by_agent if group["key"]} == {"Ann Lee": 2, "鲍勃 Bob Ray": 2}


def test_who_called_is_told_beside_all_else_that_is_wrong_with_a_row(wang):
    written("Customer number,When,Result,Duration,Agent\nK1,yesterday,reached,long,Nobody\n")
    fields = ImportProblem.objects.get().problem["fields"]
    assert {name: one["code"] for name, one in fields.items()} == {
        "at": "date.unreadable", "duration": "conversation.not_a_duration", "agent": "import.no_such_user",
    }  # fmt: skip


def test_how_content_they_were_is_kept_with_the_call_and_counted(wang):
    ann = make.user("agent", name="Ann Lee")
    rows = [
        ("2026-01-05", "接通", "非常满意", "Ann Lee"),
        ("2026-01-06", "接通", "2星", ""),
        ("2026-01-07", "接通", "", ""),
    ]
    wrong = [("2026-01-08", "未接", "5", ""), ("2026-01-09", "接通", "9", "")]
    lines = "".join(f"K1,{','.join(row)}\n" for row in rows + wrong)
    run = written(f"客户编号,通话时间,通话结果,满意度,坐席\n{lines}")
    assert (run.rows_created, run.rows_failed) == (3, 2)
    kept = Rating.objects.order_by("given_at").values_list("score", "author", "came_by", "customer", "created_in")
    alike = ("staff", wang.pk, run.change_set)
    assert list(kept) == [(5, ann.pk, *alike), (2, None, *alike)]
    assert all(one.given_at == one.message.at for one in Rating.objects.select_related("message"))
    problems = {one.number: one.problem["fields"]["rating"]["code"] for one in ImportProblem.objects.all()}
    assert problems == {5: "rating.not_spoken", 6: "import.not_a_choice"}
    told = EventEntry.objects.filter(name="channels.rating_given")
    assert {(one.origin, one.payload["score"]) for one in told} == {("import", 5), ("import", 2)}
    figure = Api(make.user("owner")).get("measures/channels.rating.satisfied", by="agent")["groups"]
    assert {(one["key"], one["kept"], one["missed"]) for one in figure} == {(str(ann.pk), 1, 0), (None, 0, 1)}
    assert undo(SYSTEM, run.change_set).removed["channels.rating"] == 2


DURATIONS = {"90": 90, "1:30": 90, "0:01:30": 90, "00:01:30": 90, "45 s": 45, "120秒": 120, "75:00": 4500}


def test_whoever_may_write_down_calls_alone_brings_in_no_visits(wang):
    nouns = ("customers.customer", "customers.contact_point", "channels.conversation", "channels.message")
    reads = {f"{noun}.read": 4 for noun in nouns}
    person = make.acting({"workspace.import.*": 4, "channels.conversation.log_call": 4, **reads})
    text = "Customer number,When,Type,Result,Note\nK1,2026-01-05,visit,reached,Seen\nK1,2026-01-05,,reached,Called\n"
    file = files.keep(person, [text.encode()])
    run = prepare_import(person, noun="conversations", file=file, file_name="x.csv")
    running.write(start_import(person, run.pk).pk)
    assert list(Message.objects.values_list("channel", "text")) == [("phone", "Called")]
    [problem] = Api(make.user("owner")).get(f"imports/{run.pk}/problems")["rows"]
    assert "Log a visit" in problem["fields"]["channel"]


@pytest.mark.parametrize(("text", "found"), DURATIONS.items())
def test_how_long_a_call_took(text, found):
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "long", "1:75", "99999", "30:00:00", "-5", "1:2:3:4"])
def test_what_is_no_duration_is_said(text):
    with pytest.raises(Invalid, match="conversation.not_a_duration"):
        seconds(text)
