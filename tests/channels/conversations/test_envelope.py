"""What stands on the envelope of a letter before it is written: from which mailbox, to which address."""

import pytest

from guanxi.kernel.actor import Level
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers, workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return customers.contact_point(kind="email", value="alice@customers.test", main=True).customer


def test_it_tells_the_mailbox_that_sends_and_the_main_address(alice):
    customers.contact_point(kind="email", value="old@customers.test", customer=alice.pk)
    make.mailbox(address="other@company.test")
    make.mailbox(address="support@company.test", primary=True)
    told = Api(workspace.user("agent")).get("drafts/envelope", customer=alice.pk)
    assert told == {"from": "support@company.test", "to": "alice@customers.test"}


def test_without_a_mailbox_or_an_address_it_says_so():
    nobody = customers.customer()
    assert Api(workspace.user("agent")).get("drafts/envelope", customer=nobody.pk) == {"from": None, "to": None}


def test_whoever_sees_a_mask_of_addresses_is_told_a_mask(alice):
    masked = workspace.reader("customers.contact_point.value", level=Level.MASKED)
    assert Api(masked).get("drafts/envelope", customer=alice.pk)["to"] == "a•••@customers.test"


def test_an_address_of_ours_that_is_closed_to_the_writer_is_not_said(alice):
    make.mailbox(address="support@company.test")
    closed = workspace.reader("channels.mailbox.address", level=Level.HIDDEN)
    told = Api(closed).get("drafts/envelope", customer=alice.pk)
    assert (told["from"], bool(told["to"])) == (None, True)
