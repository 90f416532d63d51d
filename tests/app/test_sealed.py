"""After a new key all that is sealed is sealed anew; what no key opens is told and stays."""

import pytest

from guanxi.app import doctor, sealed
from guanxi.app.doctor import Level
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.secrets import key_id, sealed_by, unseal
from guanxi.kernel.sensitive import Sealed
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change, change_many
from guanxi.workspace.custom_fields.operations import archive_field, restore_field
from tests.factories import channels, customers, workspace

pytestmark = pytest.mark.django_db
FIRST, SECOND = "510104198503071234", "440301199001011111"


@pytest.fixture
def rotated(settings):
    """A customer with two numbers after each other and a mailbox, and then a new key."""
    customer, mailbox = customers.customer("Ann"), channels.mailbox()
    for number in (FIRST, SECOND):
        with change(Customer, customer.pk, by=SYSTEM) as row:
            row.id_number = number
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    return customer, mailbox


def test_all_is_sealed_anew_and_the_old_key_may_go(rotated, settings):
    customer, mailbox = rotated
    password = unseal(mailbox.secret)
    version = Customer.objects.get(pk=customer.pk).version
    assert doctor.seals().level is Level.LOOK and "2 values" in doctor.seals().said
    assert sealed.anew() == 4  # the number, the password, two entries of history
    assert sealed.anew() == 0
    settings.SECRET_KEY_FALLBACKS = []
    customer.refresh_from_db()
    mailbox.refresh_from_db()
    assert (customer.id_number.opened(), customer.version) == (SECOND, version)
    assert (unseal(mailbox.secret), sealed_by(mailbox.secret)) == (password, key_id("a new key"))
    last = HistoryEntry.objects.filter(record_id=customer.pk).latest("version")
    assert [Sealed.of(one).opened() for one in last.diff["id_number"]] == [FIRST, SECOND]
    undo(SYSTEM, last.change_set_id)
    assert Customer.objects.get(pk=customer.pk).id_number.opened() == FIRST
    assert doctor.seals().level is Level.FINE


@pytest.mark.parametrize("archived", [False, True])
def test_what_is_sensitive_in_a_field_of_the_company_is_sealed_anew_too(settings, archived):
    """An archived one, too: it comes back with its values, when the old key is gone."""
    field = workspace.custom_field("Tax number", kind="sensitive")
    name = field.name
    ann = customers.customer("Ann", **{name: FIRST})
    change_many(SYSTEM, Customer, {ann.pk: {name: SECOND}})
    if archived:
        archive_field(SYSTEM, field.pk)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert "1 value" in doctor.seals().said
    assert (sealed.anew(), sealed.anew()) == (2, 0)  # the number, and what it was before
    settings.SECRET_KEY_FALLBACKS = []
    if archived:
        restore_field(SYSTEM, field.pk)
    assert Customer.objects.get(pk=ann.pk).custom[name].opened() == SECOND
    last = HistoryEntry.objects.get(record_id=ann.pk)
    undo(SYSTEM, last.change_set_id)
    assert Customer.objects.get(pk=ann.pk).custom[name].opened() == FIRST
    settings.SECRET_KEY = "another key"
    assert f"1 of customers.customer.{name}" in doctor.seals().said


def test_what_no_key_opens_is_told_and_stays(rotated, settings):
    customer, _ = rotated
    settings.SECRET_KEY_FALLBACKS = []
    before = Customer.objects.get(pk=customer.pk).id_number
    told = doctor.seals()
    assert told.level is Level.WRONG
    assert "1 of customers.customer.id_number" in told.said and "1 of channels.mailbox.secret" in told.said
    assert sealed.anew() == 0
    assert Customer.objects.get(pk=customer.pk).id_number == before
