"""Plans that are drawn and started: what is refused, and who may."""

import pytest

from guanxi.journeys.journeys.operations import redraw_journey, start_journey
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import workspace as make
from tests.factories.journeys import journey as draft
from tests.journeys.meetings import TEAM, add
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"record": "no.such"}, "record.unknown"),
        ({"start": {"event": "no.such"}}, "journey.unknown_event"),
        ({"start": {"event": "workspace.todo_done"}}, "journey.event_without_subject"),
        ({"start": {"audience": {"field": "no_such", "op": "is"}}}, "record.unknown_field"),
        ({"start": {"date": "name"}}, "journey.not_a_date"),
        ({"steps": [{"operation": {"name": "no.such"}}]}, "operation.unknown"),
        ({"steps": [{"operation": {"name": "workspace.role.put", "input": {}}}]}, "journey.human_only"),
        ({"steps": [{"operation": {"name": "workspace.todo.complete"}}]}, "journey.needs_a_record"),
        ({"steps": [{"operation": {"name": "workspace.todo.add"}}]}, "journey.missing_input"),
        ({"steps": [add(colour="red")]}, "journey.unknown_input"),
        ({"steps": [{"branch": {"condition": {"field": "nope"}}}]}, "record.unknown_field"),
        ({"steps": [{"wait": {"for": {"standard": "no.such"}}}]}, "setting.unknown"),
        ({"steps": [{"wait": {"until": "tomorrow"}}]}, "journey.wrong_moment"),
        ({"steps": [{"wait": {"until": {"field": "name"}}}]}, "journey.not_a_date"),
        ({"steps": [add({"from": "subject.no_such"})]}, "record.unknown_field"),
        ({"steps": [add({"text": "{weather.today}"})]}, "journey.wrong_value"),
        ({"stops": [{"event": "no.such"}]}, "journey.unknown_event"),
        ({"stops": ["x"]}, "journey.wrong_stop"),
        ({"start": {"audience": {}, "every": {"minutes": 0}}}, "journey.too_often"),
        ({"start": {"audience": {}, "every": {"minutes": 59.9}}}, "journey.too_often"),
        ({"start": {"audience": {}, "every": {"days": -1}}}, "journey.wrong_span"),
        ({"steps": [{"wait": {"for": {"standard": "channels.gate.contacts_per_week"}}}]}, "journey.not_a_length"),
        ({"steps": [add({"from": "subject.written_in"})]}, "journey.wrong_value"),
        ({"hold_out": 1.0}, "constraint.journey_hold_out_is_a_share"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused(owner, values, code):
    with nothing_changes(), pytest.raises((Invalid, Conflict)) as refused:
        draft(owner, **{"record": TEAM, **values})
    assert refused.value.code == code


def test_nobody_starts_a_journey_that_does_more_than_they_may():
    holder = actor_of(make.holder({"journeys.*": 4, "workspace.team.read": 4}).pk)
    made = draft(holder, record=TEAM)
    with nothing_changes(), pytest.raises(Forbidden) as refused:
        start_journey(holder, made.pk)
    assert refused.value.code == "journey.not_granted"


def test_who_redraws_a_plan_owns_it_and_only_a_draft_is_redrawn(owner):
    other = make.actor("owner")
    made = draft(owner, record=TEAM)
    redraw_journey(other, made.pk, start={}, steps=[add()])
    made.refresh_from_db()
    assert made.owner_id == other.id
    start_journey(other, made.pk)
    with nothing_changes(), pytest.raises(Conflict) as refused:
        redraw_journey(owner, made.pk, start={}, steps=[])
    assert refused.value.code == "journey.not_a_draft"
