"""One customer for somebody who would not see them: as far as it was given, until it ends, and nothing beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.sharing import share_customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.workspace.shares.models import Share
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
OWN = {
    "customers.*": 1, "workspace.share.*": 1, "workspace.todo.*": 1, "commerce.order.*": 1, "workspace.user.read": 4,
    "workspace.team.read": 4,
}  # fmt: skip


@pytest.fixture
def giver() -> User:
    return workspace.holder(OWN)


@pytest.fixture
def receiver() -> User:
    return workspace.holder(OWN)


@pytest.fixture
def customer(giver) -> Customer:
    return make.customer("Anna Ito", owner=giver.pk)


def share(giver: User | Api, customer: Customer, status: int = 200, **given: object):
    api = giver if isinstance(giver, Api) else Api(giver)
    return api.post(f"customers/{customer.pk}/share", given, status=status)


def test_who_it_is_shared_with_sees_it_in_list_search_and_with_what_hangs_on_it(giver, receiver, customer):
    way = make.contact_point(customer)
    other, api = make.customer("Anna Other", owner=giver.pk), Api(receiver)
    assert api.get("customers")["rows"] == []
    share(giver, customer, user=str(receiver.pk))
    assert [row["id"] for row in api.get("customers", count=True)["rows"]] == [str(customer.pk)]
    assert [hit["label"] for hit in api.get("search", q="Anna")["groups"][0]["hits"]] == ["Anna Ito"]
    assert [row["id"] for row in api.get("contact_points")["rows"]] == [str(way.pk)]
    assert api.get(f"customers/{other.pk}", status=404)["code"] == "record.not_found"
    assert [row["called"] for row in api.get(f"customers/{customer.pk}/shares")["rows"]] == [receiver.name]


def test_to_read_is_not_to_write_and_to_write_is_not_to_hand_on_or_to_hide(giver, receiver, customer):
    third, api, path = workspace.holder(OWN), Api(receiver), f"customers/{customer.pk}"
    share(giver, customer, user=str(receiver.pk))
    assert api.get(path)["can"] == []
    with nothing_changes():
        assert api.patch(path, {"city": "Leeds"}, status=403)["code"] == "access.not_this_one"
    share(giver, customer, user=str(receiver.pk), may="write")
    assert Share.objects.count() == 1
    can = api.get(path)["can"]
    assert "customers.customer.change" in can
    assert {"customers.customer.share", "customers.customer.archive"}.isdisjoint(can)
    assert api.patch(path, {"city": "Leeds"})["city"] == "Leeds"
    with nothing_changes():
        assert api.post(f"{path}/archive", status=403)["code"] == "access.not_this_one"
        assert api.post(f"{path}/reveal", {"field": "city"}, status=403)["code"] == "access.not_this_one"
        assert share(api, customer, 403, user=str(third.pk))["code"] == "access.not_this_one"
    given = Share.objects.get()
    with nothing_changes():
        assert api.post(f"shares/{given.pk}/withdraw", status=403)["code"] == "access.not_this_one"


def test_nobody_gives_more_than_they_have_themselves(customer, receiver):
    less = Api(workspace.holder({**OWN, "customers.*": 4, "customers.customer.change": 0}))
    with nothing_changes():
        assert share(less, customer, 403, user=str(receiver.pk), may="write")["code"] == "access.not_granted"
    reader = Api(workspace.holder({**OWN, "customers.*": 4, "customers.customer.change": 1}))
    with nothing_changes():
        assert share(reader, customer, 403, user=str(receiver.pk), may="write")["code"] == "access.not_this_one"
    share(reader, customer, user=str(receiver.pk))


def test_a_closed_field_stays_closed(giver, customer):
    narrow = workspace.holder(OWN)
    role = workspace.put_role(SYSTEM, key="n", name="N", grants=OWN, fields={"customers.customer.name": 0})
    User.objects.filter(pk=narrow.pk).update(roles=[role.key])
    share(giver, customer, user=str(narrow.pk))
    assert Api(narrow).get(f"customers/{customer.pk}")["name"] is None


def test_a_team_has_it_and_who_leaves_the_team_has_not(giver, customer):
    team = workspace.team()
    member = workspace.holder(OWN)
    User.objects.filter(pk=member.pk).update(team=team)
    share(giver, customer, team=str(team.pk))
    Api(member).get(f"customers/{customer.pk}")
    User.objects.filter(pk=member.pk).update(team=None)
    Api(member).get(f"customers/{customer.pk}", status=404)


def test_it_ends_by_itself_and_what_told_of_it_goes(giver, receiver, customer):
    share(giver, customer, user=str(receiver.pk), until=(now() + timedelta(hours=1)).isoformat())
    drain()
    api = Api(receiver)
    (line,) = api.get("today")["due"]["lines"]
    assert (line["text"], line["who"]["label"]) == ("A colleague shared this customer with you", "Anna Ito")
    with frozen(now() + timedelta(hours=2)):
        assert actor_of(receiver.pk).shared == {}  # at once, whether the clock has told it or not
        drain()
        assert Share.objects.get().ended_at
        assert not Todo.objects.filter(archived_at=None).exists()


def test_it_is_withdrawn_and_undone(giver, receiver, customer):
    share(giver, customer, user=str(receiver.pk))
    given = Share.objects.get()
    drain()
    Api(giver).post(f"shares/{given.pk}/withdraw")
    drain()
    Api(receiver).get(f"customers/{customer.pk}", status=404)
    assert not Todo.objects.filter(archived_at=None).exists()
    assert Api(giver).post(f"shares/{given.pk}/withdraw", status=409)["code"] == "share.already_ended"
    told = [one["kind"] for one in Api(giver).get(f"customers/{customer.pk}/timeline")["rows"]]
    assert {"workspace.customer_shared", "workspace.share_ended"} <= set(told)
    share(giver, customer, user=str(receiver.pk))
    again = Share.objects.get(ended_at=None)
    Api(giver).post("undo", {"change_set": str(again.created_in)})
    Api(receiver).get(f"customers/{customer.pk}", status=404)


@pytest.mark.parametrize("given", [{}, {"user": "a", "team": "b"}], ids=["nobody", "both"])
def test_it_is_with_one(giver, receiver, customer, given):
    known, api = {"a": str(receiver.pk), "b": str(workspace.team().pk)}, Api(giver)
    with nothing_changes():
        refused = share(api, customer, 422, **{name: known[one] for name, one in given.items()})
    assert refused["code"] == "share.with_one"


def test_what_would_open_nothing_is_refused(giver, receiver, customer):
    with pytest.raises(Invalid, match=r"share\.already_over"):
        share_customer(SYSTEM, customer.pk, user=receiver.pk, until=now())
    blind = workspace.holder({"workspace.todo.*": 1})
    with pytest.raises(Conflict, match=r"share\.reads_none"):
        share_customer(SYSTEM, customer.pk, user=blind.pk)
    with pytest.raises(Forbidden):
        share_customer(actor_of(blind.pk), customer.pk, user=receiver.pk)
    assert not Share.objects.exists()


def test_shares_cost_no_statement(giver, receiver, customer):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            Api(receiver).get("customers")
        return len(queries)

    asked()
    before = asked()
    for n in range(3):
        share_customer(SYSTEM, make.customer(f"C {n}").pk, user=receiver.pk)
    assert asked() == before
