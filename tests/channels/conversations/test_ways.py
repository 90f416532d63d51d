"""A way that somebody wrote by is noted as what it is, whatever the channel."""

import pytest
from django.db import IntegrityError, transaction

from guanxi.channels.conversations.models import Conversation
from guanxi.channels.conversations.ways import way_of
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.actor import SYSTEM
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("channel", "kind", "value"),
    [
        ("email", "email", "jane@customers.test"),
        ("whatsapp", "whatsapp", "+447400123456"),
        ("line", "line", "jane.tea"),
    ],
)
def test_an_unknown_way_is_noted_as_the_kind_its_channel_needs(channel, kind, value):
    way = way_of(SYSTEM, channel, value, "Jane")
    noted = ContactPoint.objects.get(pk=way.id)
    assert (noted.kind, noted.value, noted.customer_id, way.customer) == (kind, value, None, None)
    assert way_of(SYSTEM, channel, value, "Jane").id == way.id


def test_a_known_way_leads_to_whose_it_is():
    one = make.customer()
    point = make.contact_point(one, kind="whatsapp", value="+44 7400 123456")
    way = way_of(SYSTEM, "whatsapp", "+447400123456", "Jane")
    assert (way.id, way.customer) == (point.pk, one.pk)


def test_only_what_is_written_down_by_hand_has_a_result_from_the_first():
    for carried in ("email", "whatsapp"):
        Conversation.objects.create(channel=carried)
    for by_hand in ("phone", "visit", "letter"):
        with pytest.raises(IntegrityError, match="conversation_by_hand_has_result"), transaction.atomic():
            Conversation.objects.create(channel=by_hand)
