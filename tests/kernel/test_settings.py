"""What the company chose holds from then on; a promise changes by a clause alone."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import SettingValue
from guanxi.kernel.settings import choose, setting, standard, withdraw
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Invalid
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
GREETING = setting("test.greeting", default="hello")
BEDTIME = setting("test.bedtime", default="21:00")
PROMISE = standard("test.promise", unit="hours", default=24)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_last_choice_holds_and_the_one_before_is_known_with_its_dates():
    with frozen(BEGIN) as clock:
        assert GREETING.get() == "hello"
        choose(SYSTEM, GREETING.name, "good day")
        clock.advance(timedelta(days=1))
        choose(SYSTEM, GREETING.name, "hi")
        assert GREETING.get() == "hi"
        assert GREETING.get(BEGIN) == "good day"
        assert GREETING.get(BEGIN - timedelta(seconds=1)) == "hello"
        assert SettingValue.objects.filter(name=GREETING.name, valid_to=None).count() == 1


def test_a_value_of_another_kind_is_refused():
    with nothing_changes(), pytest.raises(Invalid, match="setting.wrong_kind"):
        choose(SYSTEM, GREETING.name, 3)


def test_a_time_of_day_is_said_in_plain_digits():
    with nothing_changes(), pytest.raises(Invalid, match="setting.not_a_time"):
        choose(SYSTEM, BEDTIME.name, "21:0８")


def test_a_standard_changes_by_a_clause_alone():
    for act in (lambda: choose(SYSTEM, PROMISE.name, 12), lambda: withdraw(SYSTEM, PROMISE.name)):
        with nothing_changes(), pytest.raises(Conflict, match="setting.standard_needs_a_clause"):
            act()


def test_a_scoped_value_holds_for_what_fits_and_withdrawn_for_nobody():
    south, north = make.team("South"), make.team("North")
    scope = {"field": "name", "op": "is", "value": "South"}
    with frozen(BEGIN) as clock:
        choose(SYSTEM, PROMISE.name, 12, source="clause:a")
        choose(SYSTEM, PROMISE.name, 4, scope=scope, source="clause:b")
        assert (PROMISE.get_for(south), PROMISE.get_for(north), PROMISE.get()) == (4, 12, 12)
        clock.advance(timedelta(hours=1))
        withdraw(SYSTEM, PROMISE.name, scope=scope, source="clause:c")
        assert (PROMISE.get_for(south), PROMISE.get()) == (12, 12)
        assert PROMISE.get_for(south, BEGIN) == 4
        withdraw(SYSTEM, PROMISE.name, source="clause:c")
        assert PROMISE.get_for(south) == 24
