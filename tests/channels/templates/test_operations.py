"""A letter is tried out while it is written: as one customer gets it, or what stands in its way."""

import pytest

from guanxi.channels.templates import rules
from guanxi.channels.templates.models import Template
from guanxi.channels.templates.operations import try_out
from guanxi.lib.errors import Forbidden, Invalid, NotFound
from tests.factories import channels
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
BODY = "Dear {{ customer.first_name }}{% if customer.city %} in {{ customer.city }}{% endif %}"


@pytest.fixture
def marketer():
    return make.actor("marketer")


def test_a_text_reads_as_a_customer_gets_it_and_nothing_is_kept(marketer):
    anna = channels.customer(name="Anna Smith", city="Leeds")
    with nothing_changes():
        said = try_out(marketer, language="en", subject="News", body=BODY, customer=anna.pk)
    assert (said["subject"], said["text"], said["missing"]) == ("News", "Dear Anna in Leeds", [])
    assert Template.objects.count() == 0


def test_before_a_customer_is_chosen_the_blanks_say_what_they_are(marketer):
    said = try_out(marketer, language="zh-Hans", body="{{ customer.first_name }}您好", subject="")
    assert said["text"] == "[名]您好"
    assert [one["name"] for one in said["blanks"]] == rules.own_names()
    assert all(one["label"] and not one["label"].startswith("channels.") for one in said["blanks"])


def test_what_is_not_known_is_named_and_a_part_for_those_of_whom_it_is_known_is_left_out(marketer):
    somewhere = channels.customer(name="Bo Lee")
    assert try_out(marketer, language="en", body=BODY, customer=somewhere.pk)["text"] == "Dear Bo"
    said = try_out(marketer, language="en", body="{{ customer.city }}", customer=somewhere.pk)
    assert (said["text"], said["missing"]) == ("", ["customer.city"])
    values = {one["name"]: one["value"] for one in said["blanks"]}
    assert (values["customer.first_name"], values["customer.city"]) == ("Bo", "")


def test_a_mistake_is_told_at_its_field(marketer):
    with pytest.raises(Invalid) as refused:
        try_out(marketer, language="en", subject="{{ customer.nme }}", body="fine")
    assert list(refused.value.fields) == ["subject"]


def test_a_customer_that_is_not_seen_and_a_right_that_is_not_there_tell_nothing():
    seller = make.actor("seller")
    other = channels.customer(owner_id=make.user("seller").pk)
    with pytest.raises((NotFound, Forbidden)):
        try_out(seller, language="en", body="{{ customer.name }}", customer=other.pk)
