"""Nobody below changes one above: not by hand, not with many at once, and not by taking back what was done to them."""

import pytest

from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.records import records
from guanxi.kernel.undo import undo
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.roles.queries import GIVES_ACCESS
from guanxi.workspace.tokens.operations import open_session
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import set_email, set_roles
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NEARLY = {"*": 4, "journeys.journey.read": 0}
"""Every right but one."""


@pytest.fixture
def owner() -> User:
    make.user("owner")
    return make.user("owner")


def last_of(row) -> object:
    return HistoryEntry.objects.filter(record_id=row.pk).latest("id").change_set_id


def test_nobody_below_renames_one_above(owner):
    api = Api(secret=open_session(make.holder(NEARLY)))
    with nothing_changes():
        assert api.patch(f"users/{owner.pk}", {"name": "Nobody"}, status=409)["code"] == "role.above_own"
        told = api.post("users/bulk/change", {"ids": [str(owner.pk)], "values": {"language": "zh-Hans"}})
    assert (told["done"], told["kept"][0]["code"]) == (0, "role.above_own")


def test_who_reads_less_of_colleagues_than_they_do_changes_none():
    user, api = make.user("agent"), Api(make.reader("workspace.user.email", level=Level.READ))
    with nothing_changes():
        assert api.patch(f"users/{user.pk}", {"name": "Bo"}, status=409)["code"] == "role.above_own"
        told = api.post("users/bulk/change", {"ids": [str(user.pk)], "values": {"name": "Bo"}})
    assert (told["done"], told["kept"][0]["code"]) == (0, "role.above_own")


def test_colleagues_are_renamed_and_so_is_oneself(owner):
    api = Api(make.holder(NEARLY))
    assert api.patch(f"users/{make.user('agent').pk}", {"name": "Ann"})["name"] == "Ann"
    assert Api(owner).patch(f"users/{owner.pk}", {"name": "Zoe"})["name"] == "Zoe"


@pytest.mark.parametrize("deed", ["roles", "email", "invited", "role"])
def test_nobody_below_takes_back_what_gives_or_takes_more_than_they_have(owner, deed):
    below = make.acting(NEARLY)
    if deed == "roles":  # the undo of a demotion is a promotion
        make.role("agent")
        opened = last_of(set_roles(SYSTEM, owner.pk, roles=["agent"]))
    elif deed == "email":
        opened = last_of(set_email(SYSTEM, owner.pk, email="new@guanxi.test"))
    elif deed == "invited":
        opened = owner.created_in
    else:
        put_role(SYSTEM, key="wide", name="Wide", grants={"*": 4})
        opened = last_of(put_role(SYSTEM, key="wide", name="Wide", grants={"commerce.*": 1}))
    assert set(undo(below, opened).kept_by_reason()) <= {"workspace.user:not_allowed", "workspace.role:not_allowed"}
    owner.refresh_from_db()
    assert (owner.roles == ["agent"], owner.email == "new@guanxi.test") == (deed == "roles", deed == "email")


def test_who_gave_up_rights_does_not_get_them_back_alone(owner):
    make.role("owner")
    put_role(SYSTEM, key="nearly", name="Nearly", grants=NEARLY)
    opened = last_of(set_roles(actor_of(owner.pk), owner.pk, roles=["nearly"]))
    report = undo(actor_of(owner.pk), opened)
    assert report.kept_by_reason() == {"workspace.user:not_allowed": 1}
    owner.refresh_from_db()
    assert owner.roles == ["nearly"]


def test_one_above_takes_it_back(owner):
    make.role("agent")
    opened = last_of(set_roles(SYSTEM, owner.pk, roles=["agent"]))
    undo(make.actor("owner"), opened)
    owner.refresh_from_db()
    assert owner.roles == ["owner"]


def test_every_noun_whose_verbs_give_access_says_who_has_power_over_it():
    giving = {name.rpartition(".")[0] for name in GIVES_ACCESS}
    assert {record.name for record in records().values() if record.power} == giving
