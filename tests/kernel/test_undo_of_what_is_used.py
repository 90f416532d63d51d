"""What is used meanwhile is not taken away by undo: the reason is told, as for what was changed since."""

import pytest

from guanxi.customers.segments.operations import archive_segment, put_segment, restore_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import CustomField, HistoryEntry
from guanxi.kernel.undo import undo
from guanxi.workspace.custom_fields.operations import archive_field, restore_field
from tests.factories import channels, customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
USES = {
    "a segment": lambda name: put_segment(SYSTEM, name="S", condition={"field": name, "op": "is", "value": "x"}),
    "a letter": lambda name: channels.template(body_en=f"Your {{{{ customer.{name} }}}}"),
    "a record": lambda name: customers.customer("Ann", **{name: "x"}),
}


@pytest.mark.parametrize("use", USES)
def test_a_field_that_something_names_or_says_is_not_taken_back(use):
    field = make.custom_field("Card")
    USES[use](field.name)
    for dry_run in (True, False):
        report = undo(SYSTEM, field.created_in, dry_run=dry_run)
        assert report.kept_by_reason() == {"workspace.custom_field:in_use": 1}
        if not dry_run:
            assert CustomField.objects.filter(pk=field.pk).exists()


def test_a_field_that_nothing_names_is_taken_back():
    field, other = make.custom_field("Card"), make.custom_field("Card number")
    USES["a segment"](other.name)
    assert undo(SYSTEM, field.created_in).removed["workspace.custom_field"] == 1


def test_what_came_back_and_is_used_since_is_not_hidden_by_undo():
    field = make.custom_field("Card")
    archive_field(SYSTEM, field.pk)
    restored = HistoryEntry.objects.filter(record_id=restore_field(SYSTEM, field.pk).pk).latest("id")
    USES["a segment"](field.name)
    assert undo(SYSTEM, restored.change_set_id).kept_by_reason() == {"workspace.custom_field:in_use": 1}


def of(segment) -> dict:
    return {"related": "memberships", "where": {"field": "segment", "op": "is", "value": str(segment.pk)}}


def test_a_segment_that_another_is_made_from_is_not_taken_back():
    first = put_segment(SYSTEM, name="First", condition={"field": "city", "op": "is", "value": "Leeds"})
    second = put_segment(SYSTEM, name="Second", condition=of(first))
    assert undo(SYSTEM, first.created_in).kept_by_reason()["customers.segment:in_use"] == 1
    undo(SYSTEM, second.created_in)
    archive_segment(SYSTEM, first.pk)
    restored = HistoryEntry.objects.filter(record_id=restore_segment(SYSTEM, first.pk).pk).order_by("id").last()
    third = put_segment(SYSTEM, name="Third", condition=of(first))
    assert undo(SYSTEM, restored.change_set_id).kept_by_reason() == {"customers.segment:in_use": 1}
    assert third.archived_at is None
