"""Whatever a verb wrote is taken back as a whole: with nothing touched since, the house is equal to before."""

from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction

from guanxi.channels.gate.models import Delivery
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import clocks
from guanxi.kernel.drain import drain
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.operations import of_noun, operations
from guanxi.kernel.records import RecordType, records, type_of
from guanxi.kernel.time import now
from tests import factories
from tests.client import Api
from tests.factories import workspace as make

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOUNS = [record for record in records().values() if not record.name.startswith("test.")]
WRITTEN = ("version", "updated_at")
"""What every write leaves behind, also the one that takes another back."""
TOLD = {"kernel_changeset", "kernel_historyentry", "kernel_evententry", "kernel_receipt"}
"""What happened stays told, as does that it was taken back."""
LEFT = {
    "workspace_user": ("access_ended_at", "link_made_at", "password_set_at"),  # whoever was locked out signs in anew
    "workspace_token": ("revoked_at",),  # nor is a session or a script let in again
    "customers_segment": ("refreshed_at",),  # when it was counted last
}
"""What an undo leaves by table, and why."""


UNTRIED = {
    "workspace.import.undo",
    "customers.segment.define",
    "channels.mailbox.test",
    "channels.mailbox.read_past",
    "service.ticket.assign",
    "customers.customer.share",
    "service.ticket.confirm",
    "outreach.strategy.pause",
    "outreach.strategy.resume",
    "outreach.strategy.end",
    "protocols.gap.take_up",
    "protocols.version.publish",
}
"""What has to be told more, or has nothing to do on a plain row before somebody answers or a clock runs out."""
MOST_STEPS = 2
"""After how many other verbs a row may be ready for one."""


def house() -> dict[str, set[str]]:
    """All rows of all tables as texts, but for what every write leaves behind."""
    found = {}
    tables = {m._meta.db_table for m in apps.get_models() if m._meta.managed} - TOLD
    with connection.cursor() as cursor:
        for table in sorted(tables):
            left = [*WRITTEN, *LEFT.get(table, ())]
            cursor.execute(f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t", [left])
            found[table] = {row for (row,) in cursor.fetchall()}
    return found


def waiting(_: RecordType) -> Delivery:
    """A message that leaves in an hour."""
    delivery = factories.channels.delivery(release_at=now() + timedelta(hours=1))
    clocks.set_anew("channels.delivery", [delivery.pk])
    return delivery


ROWS = {"channels.delivery": waiting}


def differing(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, tuple[set[str], set[str]]]:
    """By table, what is gone and what is more."""
    return {t: (before[t] - after[t], after[t] - before[t]) for t in before if before[t] != after[t]}


def plain(record: RecordType) -> list[str]:
    """What can be done to a row without saying more."""
    said = [one for one in of_noun(record.name) if one.subject and not one.reads and one.function is not record.create]
    verbs = [one.verb for one in said if not any(f.is_required() for f in one.input.model_fields.values())]
    hides = record.has("archived_at") and f"{record.name}.archive" not in operations()
    return verbs + (["archive", "restore"] if hides else [])


NAMED = {f"{record.name}.{verb}": (record, verb) for record in NOUNS for verb in plain(record)}
VERBS = [pytest.param(*NAMED[name], id=name) for name in NAMED if name not in UNTRIED]


def done(api: Api, record: RecordType, id: str, verb: str) -> UUID | None:
    """Do it; the change-set it was written under, None where it was refused or wrote nothing."""
    known = set(ChangeSet.objects.values_list("pk", flat=True))
    sent = api.client.post(f"/api/{record.plural}/{id}/{verb}", {}, "application/json")
    made = ChangeSet.objects.exclude(pk__in=known).order_by("id").values_list("pk", flat=True)
    return made[0] if sent.status_code == 200 and made else None


def ready(api: Api, record: RecordType, verb: str) -> str:
    """The id of a row with which this can be done, as it stands or after another verb."""
    verbs = plain(record)
    for steps in (way for most in range(MOST_STEPS + 1) for way in product(verbs, repeat=most)):
        row = ROWS.get(record.name, factories.one)(record)
        if None in [done(api, record, str(row.pk), step) for step in steps]:
            continue
        with transaction.atomic():
            may = done(api, record, str(row.pk), verb) is not None
            transaction.set_rollback(True)
        if may:
            return str(row.pk)
    raise AssertionError(f"no row with which {record.name}.{verb} can be done")


@pytest.mark.parametrize(("record", "verb"), VERBS)
def test_a_verb_is_taken_back_as_a_whole(record, verb):
    api = Api(make.user("owner"))
    id = ready(api, record, verb)
    drain()
    before = house()
    opened = done(api, record, id, verb)
    api.post("undo", {"change_set": str(opened)})
    drain()
    assert differing(before, house()) == {}


def test_what_is_not_tried_is_there():
    assert NAMED.keys() > UNTRIED


def test_what_a_verb_deleted_is_put_back_and_can_be_taken_away_again():
    """An undo of the undo does it once more."""
    api, point = Api(make.user("owner")), factories.customers.contact_point()
    drain()
    before = house()
    deleted = done(api, type_of(ContactPoint), str(point.pk), "remove")
    api.post("undo", {"change_set": str(deleted)})
    drain()
    assert differing(before, house()) == {}
    again = ChangeSet.objects.get(undoes=deleted)
    assert api.post("undo", {"change_set": str(again.pk)})["removed"] == {"customers.contact_point": 1}
    assert not ContactPoint.objects.filter(pk=point.pk).exists()


def test_what_somebody_else_deleted_is_brought_back_only_by_who_may_everything():
    point = factories.customers.contact_point()
    deleted = done(Api(make.user("owner")), type_of(ContactPoint), str(point.pk), "remove")
    seller = make.holder({"customers.*": 1, "customers.customer.read": 4, "kernel.undo": 4})
    report = Api(seller).post("undo", {"change_set": str(deleted)})
    assert report["kept"] == {"customers.contact_point:not_allowed": 1}
    assert not ContactPoint.objects.filter(pk=point.pk).exists()


def test_a_secret_stays_with_what_was_said_together_with_it():
    """What a secret was before is not known: where a mailbox was is no place for the password that it has now."""
    api, mailbox = Api(make.user("owner")), factories.one(records()["channels.mailbox"])
    drain()
    api.post(f"mailboxes/{mailbox.pk}/reconnect", {"password": "for there alone", "imap_host": "new.guanxi.test"})
    moved = ChangeSet.objects.latest("id").pk
    before = house()
    for dry_run in (True, False):
        told = api.post("undo", {"change_set": str(moved), "dry_run": dry_run})
        assert told == {"removed": {}, "restored": {}, "kept": {"channels.mailbox:secret_replaced": 1}}
    assert differing(before, house()) == {}
    assert set(api.get(f"mailboxes/{mailbox.pk}/history")["changes"][0]["diff"]) == {"imap_host"}
