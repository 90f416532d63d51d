"""The rules of the house: seen with what holds, chosen one by one, kept with who chose and since when."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.gate.queries import QUIET_FROM
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Conflict, Forbidden, Invalid, Unknown
from guanxi.workspace.company.operations import CURRENCY, describe
from guanxi.workspace.settings.operations import choose_setting, reset_setting
from guanxi.workspace.settings.queries import in_force
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def told(actor, name):
    return next(one for one in in_force(actor) if one["name"] == name)


def test_a_rule_is_chosen_told_with_its_author_and_taken_back():
    ann = make.actor("owner", name="Ann")
    before = told(ann, QUIET_FROM.name)
    assert (before["value"], before["default"], before["kind"], before["since"]) == ("21:00", "21:00", "time", None)
    with frozen(BEGIN):
        choose_setting(ann, name=QUIET_FROM.name, value="20:00")
        now = told(ann, QUIET_FROM.name)
        assert (now["value"], now["by"], now["since"], QUIET_FROM.get()) == ("20:00", "Ann", BEGIN, "20:00")
        reset_setting(ann, name=QUIET_FROM.name)
        assert (told(ann, QUIET_FROM.name)["by"], QUIET_FROM.get()) == (None, "21:00")


@pytest.mark.parametrize(
    ("name", "value", "problem", "code"),
    [
        ("channels.gate.quiet_from", "25:00", Invalid, "setting.not_a_time"),
        ("channels.gate.quiet_from", "9 pm", Invalid, "setting.not_a_time"),
        ("channels.gate.quiet_from", 21, Invalid, "setting.wrong_kind"),
        ("channels.gate.hold_stops_collection", 1, Invalid, "setting.wrong_kind"),
        ("channels.email.backfill_days", True, Invalid, "setting.wrong_kind"),
        ("channels.email.backfill_days", -1, Invalid, "setting.out_of_bounds"),
        ("channels.email.backfill_days", 1.5, Invalid, "setting.not_whole"),
        ("channels.email.backfill_days", 4000, Invalid, "setting.out_of_bounds"),
        ("channels.mail.acknowledged", 12, Conflict, "setting.standard_needs_a_clause"),
        ("workspace.company.name", "X", Conflict, "setting.chosen_elsewhere"),
        ("channels.gate.silence", "21:00", Unknown, "setting.unknown"),
    ],
)
def test_what_cannot_hold_is_refused(name, value, problem, code):
    with nothing_changes(), pytest.raises(problem, match=code):
        choose_setting(SYSTEM, name=name, value=value)
    if problem is not Invalid:
        with nothing_changes(), pytest.raises(problem, match=code):
            reset_setting(SYSTEM, name=name)


def test_rules_are_for_those_who_may_choose_them():
    agent = make.actor("agent")
    with pytest.raises(Forbidden):
        in_force(agent)
    with nothing_changes(), pytest.raises(Forbidden):
        choose_setting(agent, name=QUIET_FROM.name, value="20:00")


def test_over_http():
    api = Api(make.user("owner"))
    api.post("setting/choose", {"name": QUIET_FROM.name, "value": "20:30"})
    rows = {row["name"]: row for row in api.get("settings")["settings"]}
    assert (rows[QUIET_FROM.name]["value"], rows[QUIET_FROM.name]["label"]) == ("20:30", "Quiet hours begin")
    assert rows["channels.mail.acknowledged"]["standard"] and not rows[QUIET_FROM.name]["standard"]
    assert "workspace.company.name" not in rows


def test_what_the_company_says_of_itself_first_it_always_was():
    describe(SYSTEM, currency="CNY")
    with frozen(now() - timedelta(days=300)):
        assert CURRENCY.get() == "CNY"
    describe(SYSTEM, currency="GBP")
    with frozen(now() - timedelta(days=300)):
        assert CURRENCY.get() == "CNY"
    assert CURRENCY.get() == "GBP"
