"""The page: live figures against targets, old cases under old numbers, what differs, who sees what."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.time import frozen
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.operations import remove_clause
from guanxi.protocols.protocols import operations
from guanxi.service.tickets import operations as tickets
from tests.client import Api
from tests.factories import protocols as make
from tests.factories import service, workspace
from tests.protocols.protocols.test_operations import REPLY, SCOPE, next_version, promise, worded

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


def answered(clock, after: timedelta, **values) -> tickets.Ticket:
    """A complaint that a person answered after a while; the clock stands where it stood."""
    begun, ticket = clock.at, service.complaint(**values)
    clock.move(begun + after)
    tickets.note_reply(SYSTEM, ticket.pk)
    clock.move(begun)
    return ticket


def clauses(page) -> dict:
    """The clauses of a page by key."""
    return {one["key"]: one for section in page["sections"] for one in section["clauses"]}


def test_twelve_hours_move_the_next_complaint_and_leave_old_figures_alone(clock):
    """The promise of the protocol: a published number governs the machine from its hour on, not before."""
    version = make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    old = [answered(clock, 20 * HOUR) for _ in range(3)]
    clock.advance(48 * HOUR)
    api = Api(workspace.user("owner"))
    (before,) = clauses(api.get(f"protocols/{version.protocol_id}/page")).values()
    assert (before["state"], before["figure"]["kept"], before["figure"]["missed"]) == ("kept", 3, 0)

    changed = clock.at
    next_version(version, value=Decimal(12))
    new = answered(clock, 20 * HOUR)
    assert {t.reply_due_at - t.complained_at for t in old} == {24 * HOUR}
    assert new.reply_due_at - new.complained_at == 12 * HOUR
    clock.advance(48 * HOUR)
    page = api.get(f"protocols/{version.protocol_id}/page")
    (after,) = clauses(page).values()
    assert page["version"]["number"] == 2
    assert after["standard"]["value"] == 12
    assert (after["figure"]["kept"], after["figure"]["missed"], after["state"]) == (3, 1, "missed")
    measured = api.get(f"measures/{REPLY}", end=changed.isoformat())["total"]
    assert (measured["kept"], measured["missed"]) == (3, 0)
    (told,) = api.get(f"protocols/{version.protocol_id}/diff", **{"from": 1, "to": 2})["changes"]
    assert told == {
        "key": "complaints-1", "kind": "changed", "section": "complaints", "number": ["1.1", "1.1"],
        "fields": {"value": ["24.0000", "12.0000"]}, "wording": [{"kind": "same", "text": "We answer."}],
        "said": [{"field": "value", "label": "Number", "old": "24 hours", "new": "12 hours"}],
    }  # fmt: skip


def test_two_versions_are_told_apart_in_the_words_of_the_reader():
    version = make.version()
    team = workspace.team("South")
    promise(version, 24, text={"en": "We answer within a day.", "zh-Hans": "一天内回复。"})
    make.clause(version, section="care", text={"en": "We are gone."})
    operations.publish_version(SYSTEM, version.pk)
    draft = operations.draft_version(SYSTEM, version.protocol_id)
    reply, gone = Clause.objects.filter(in_version=draft).order_by("-section")
    worded(reply, text={"zh-Hans": "两天内回复。"}, value=Decimal(48), scope=SCOPE, team=team.pk)
    remove_clause(SYSTEM, gone.pk)
    make.clause(draft, section="phone", text={"en": "We pick up."})
    api = Api(workspace.user("owner", language="zh-Hans"))
    told = api.get(f"protocols/{version.protocol_id}/diff", **{"from": 1, "to": 2})["changes"]
    assert [(one["kind"], one["section"], one["number"]) for one in told] == [
        ("added", "phone", [None, "1.1"]), ("changed", "complaints", ["1.1", "2.1"]),
        ("removed", "care", ["2.1", None]),
    ]  # fmt: skip
    added, changed, removed = told
    assert added["wording"] == [{"kind": "added", "text": "We pick up."}]
    assert removed["wording"] == [{"kind": "removed", "text": "We are gone."}]
    assert [(piece["kind"], piece["text"]) for piece in changed["wording"]] == [
        ("removed", "一"), ("added", "两"), ("same", "天内回复。"),
    ]  # fmt: skip
    assert [(one["field"], one["old"], one["new"]) for one in changed["said"]] == [
        ("scope", None, "渠道为电话"), ("team", None, "South"), ("value", "24 小时", "48 小时"),
    ]  # fmt: skip
    assert (added["said"], removed["said"]) == ([], [])


def test_another_way_of_counting_is_a_change_that_is_told():
    version = make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    draft = operations.draft_version(SYSTEM, version.protocol_id)
    worded(Clause.objects.get(in_version=draft), counted_in="office")
    api = Api(workspace.user("agent"))
    (told,) = api.get(f"protocols/{version.protocol_id}/diff", **{"from": 1, "to": 2})["changes"]
    assert told["fields"] == {"counted_in": ["clock", "office"]}
    assert [(one["old"], one["new"]) for one in told["said"]] == [("24 hours", "24 office hours")]
    (clause,) = clauses(api.get(f"protocols/{version.protocol_id}/page", version=2)).values()
    assert (clause["standard"]["value"], clause["standard"]["counted_in"]) == (24, "office")


def test_open_in_time_is_not_judged_open_and_late_is_missed(clock):
    version = make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    service.complaint()
    answered(clock, HOUR)
    api = Api(workspace.user("agent"))
    (clause,) = clauses(api.get(f"protocols/{version.protocol_id}/page")).values()
    assert {name: clause["figure"][name] for name in ("cases", "kept", "missed", "open")} == {
        "cases": 2, "kept": 1, "missed": 0, "open": 1,
    }  # fmt: skip
    assert (clause["state"], clause["worst"]) == ("kept", None)
    clock.advance(24 * HOUR + timedelta(seconds=1))
    (clause,) = clauses(api.get(f"protocols/{version.protocol_id}/page")).values()
    assert (clause["figure"]["missed"], clause["figure"]["open"], clause["state"]) == (1, 0, "missed")
    assert clause["worst"] == {"weekday": 1, "hour": 9, "cases": 2, "missed": 1, "share": 0.5}


def test_the_links_open_the_cases_and_the_missed_ones(clock):
    version = make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    kept, late = answered(clock, HOUR, subject="Kept"), answered(clock, 30 * HOUR, subject="Late")
    clock.advance(48 * HOUR)
    api = Api(workspace.user("agent"))
    (clause,) = clauses(api.get(f"protocols/{version.protocol_id}/page")).values()
    opened = api.get(clause["cases"].removeprefix("/api/"))
    assert {row["id"] for row in opened["rows"]} == {str(kept.pk), str(late.pk)}
    missed = api.get(clause["missed"].removeprefix("/api/"))
    assert [row["subject"] for row in missed["rows"]] == ["Late"]


def test_a_scope_counts_its_own_cases_only(clock):
    version = make.version()
    promise(version, 24)
    promise(version, 4, scope=SCOPE)
    operations.publish_version(SYSTEM, version.pk)
    answered(clock, 5 * HOUR)
    service.complaint(channel="phone")
    clock.advance(24 * HOUR)
    found = clauses(Api(workspace.user("agent")).get(f"protocols/{version.protocol_id}/page"))
    assert [found[key]["figure"]["cases"] for key in ("complaints-1", "complaints-2")] == [2, 1]
    assert found["complaints-2"]["scope"] == SCOPE
    assert (found["complaints-1"]["scope_said"], found["complaints-2"]["scope_said"]) == (None, "Channel is Phone")


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "渠道为电话"), ("zh-Hant", "管道為電話")])
def test_a_scope_is_said_under_the_clause_and_in_the_handbook(language, said):
    version = make.version()
    promise(version, 4, scope=SCOPE)
    api = Api(workspace.user("agent", language=language))
    (clause,) = clauses(api.get(f"protocols/{version.protocol_id}/page")).values()
    assert clause["scope_said"] == said
    handbook = api.client.get(f"/api/protocols/{version.protocol_id}/handbook").content.decode()
    assert f"<b>{said}</b>" in handbook


def test_an_average_is_held_against_its_standard(clock):
    version = make.version()
    average = {"measure": "service.ticket.time_to_solve", "standard": "service.ticket.solved_on_average"}
    promise(version, 2, **average, figure_kind="mean", target_share=None)
    operations.publish_version(SYSTEM, version.pk)
    for hours, state in ((1, "kept"), (4, "missed")):
        ticket = service.ticket()
        clock.advance(hours * HOUR)
        tickets.solve(SYSTEM, ticket.pk)
        (clause,) = clauses(Api(workspace.user("agent")).get(f"protocols/{version.protocol_id}/page")).values()
        assert clause["state"] == state
    assert clause["figure"]["mean"] == 2.5 * 3600


def test_what_nothing_measures_or_one_may_not_know_says_so(clock):
    version = make.version()
    make.clause(version)
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    reader = workspace.holder({"protocols.*": 4})
    found = Api(reader).get(f"protocols/{version.protocol_id}/page")
    assert {key: one["state"] for key, one in clauses(found).items()} == {
        "mail-1": "not_measured", "complaints-1": "hidden",
    }  # fmt: skip
    assert found["states"] == {
        "kept": 0, "missed": 0, "no_cases": 0, "shown": 0, "not_measured": 1, "hidden": 1,
    }  # fmt: skip
    assert clauses(found)["complaints-1"]["figure"] is None


def test_periods_are_days_of_the_company(clock):
    version = make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    service.complaint()
    api, path = Api(workspace.user("agent")), f"protocols/{version.protocol_id}/page"
    spans = {span: api.get(path, span=span)["period"] for span in ("month", "quarter", "year")}
    assert [spans[s]["from"] for s in ("month", "quarter", "year")] == ["2026-03-01", "2026-01-01", "2026-01-01"]
    assert {one["to"] for one in spans.values()} == {"2026-03-03"}
    for end, cases in (("2026-03-02", 0), ("2026-03-03", 1)):
        (clause,) = clauses(api.get(path, **{"from": "2026-03-01", "to": end})).values()
        assert clause["figure"]["cases"] == cases
    assert api.get(path, **{"from": "2026-03-02", "to": "2026-03-02"}, status=422)["code"] == "protocol.period_is_empty"
    assert api.get(path, span="decade", status=422)["code"] == "input.invalid"
    assert api.get(path, version=7, status=404)["code"] == "protocol.no_such_version"
    assert api.get(f"protocols/{version.protocol_id}/diff", **{"from": 1, "to": 7}, status=404)["code"]


def test_a_draft_and_an_old_version_can_be_read_a_protocol_without_versions_too(clock):
    empty, version = make.protocol(), make.version()
    promise(version, 24)
    operations.publish_version(SYSTEM, version.pk)
    operations.draft_version(SYSTEM, version.protocol_id)
    api = Api(workspace.user("owner"))
    page = api.get(f"protocols/{version.protocol_id}/page", version=2)
    assert (page["version"]["status"], [one["number"] for one in page["versions"]]) == ("draft", [2, 1])
    assert "protocols.clause.change" in next(iter(clauses(page).values()))["can"]
    page = api.get(f"protocols/{empty.pk}/page")
    assert (page["version"], page["sections"]) == (None, [])


def test_a_page_costs_two_statements_for_each_measured_clause_and_no_more(clock):
    version = make.version()
    promise(version, 24)
    for _ in range(12):
        make.clause(version)
    operations.publish_version(SYSTEM, version.pk)
    api, path = Api(workspace.user("owner")), f"protocols/{version.protocol_id}/page"
    api.get(path)
    with CaptureQueriesContext(connection) as few:
        api.get(path)
    for _ in range(20):
        service.complaint()
    with CaptureQueriesContext(connection) as more:
        api.get(path)
    assert len(more) == len(few) <= 16, [q["sql"][:100] for q in few]
