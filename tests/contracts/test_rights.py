"""Every address of the house and every kind of caller: what the catalogues declare is what is asked for.

A session of a customer does not exist yet: customers come by a signed link, which is public.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from ninja import NinjaAPI, Router

from guanxi.app.urls import interface, urlpatterns
from guanxi.customers.contact_points.operations import find_or_create
from guanxi.customers.customers.models import Customer
from guanxi.kernel import access
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api.answers import answer
from guanxi.kernel.operations import of_noun
from guanxi.kernel.records import records, type_of
from guanxi.kernel.time import now
from guanxi.workspace.tokens.api import COOKIE, authenticate
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.operations import create_token, open_session
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import archive_user
from tests import factories
from tests.client import Api
from tests.described import DESCRIBED
from tests.factories import customers
from tests.factories import workspace as make
from tests.routes import EVERYBODYS, PUBLIC, House, Route, Said, described, listed, noun_of, routes, undeclared
from tests.unchanged import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

NOT_BY_TOKEN = {"post /tokens/create": "token.not_by_token", "post /me/password": "user.password_by_person"}
"""What a script may not, though its person may."""
ALSO = {
    "patch /me": ("workspace.user.read",),
    "post /users/change_own": ("workspace.user.read",),
    "post /imports/{id}/check": ("customers.customer.create",),
    "post /imports/{id}/start": ("customers.customer.create",),
    "post /drafts/{id}/send": ("channels.conversation.reply",),
    "post /strategies/{id}/copy": ("outreach.strategy.create",),
    "post /strategies/{id}/send": ("journeys.journey.create", "journeys.journey.start"),
}
"""What some ask for beside their own right: to see whom they change, to do what they do by other verbs."""
OURS = {"X-Guanxi": "1"}
"""What pages of ours send along."""
ROUTES = [route for route in routes() if not route.rights[0].startswith("test.")]
OF_PLACE: dict[str, list[Route]] = defaultdict(list)
for _route in ROUTES:
    OF_PLACE[_route.place].append(_route)
PLACES = [pytest.param(some, id=place) for place, some in OF_PLACE.items()]
OF_ONE = [pytest.param(some, id=place) for place, all_ in OF_PLACE.items() if (some := [r for r in all_ if r.of_one])]


@pytest.fixture
def house(settings, tmp_path) -> House:
    """A house with what is asked for."""
    settings.HOME = tmp_path
    return House()


def by_token(user: User) -> Client:
    """A script of somebody."""
    secret = create_token(SYSTEM, name="test", email=user.email)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def by_session(user: User, **headers: str) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(headers=headers, raise_request_exception=False)
    client.cookies[COOKIE] = open_session(user)
    return client


def holding(grants: dict[str, int]) -> Client:
    """A script of somebody with exactly these rights."""
    return by_token(make.holder(grants))


def without_a_role() -> Client:
    """A browser of somebody who may nothing yet."""
    user = make.user()
    User.objects.filter(pk=user.pk).update(roles=[])
    return by_session(user, **OURS)


def nobodys() -> Iterator[Client]:
    """Those who are nobody: without a secret, with a wrong one, with one that has ended, of somebody who left."""
    yield Client(raise_request_exception=False)
    yield Client(headers={"Authorization": "Bearer gx_nothing"}, raise_request_exception=False)
    for column in ("revoked_at", "expires_at"):
        ended = by_token(make.user("owner"))
        Token.objects.filter(pk=Token.objects.latest("id").pk).update(**{column: now() - timedelta(seconds=1)})
        yield ended
    left = make.user()
    clients = by_token(left), by_session(left, **OURS)
    archive_user(SYSTEM, left.pk)
    yield from clients


def test_every_route_is_declared_by_a_catalogue_or_listed_with_its_right_or_its_reason():
    assert undeclared(DESCRIBED) == set()
    assert len(ROUTES) > 300


def test_there_is_no_address_that_is_not_described():
    addresses = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern)) for one in interface.urls[0]}
    assert addresses - {""} == {where.removeprefix("/api/") for where in DESCRIBED["paths"]}
    assert [str(one.pattern) for one in urlpatterns] == ["healthz", "api/"]


@pytest.mark.parametrize("some", PLACES)
def test_nobody_is_answered_and_whoever_left_is_nobody(some, house):
    clients = list(nobodys())
    asked = [(route.key, house.ask(client, route)) for route in some for client in clients]
    assert {(key, said) for key, said in asked if said != Said(401, "session.missing")} == set()


@pytest.mark.parametrize("key", EVERYBODYS)
def test_what_everybody_may_is_not_for_nobody_either(key, house):
    assert {house.ask(client, listed(key)) for client in nobodys()} == {Said(401, "session.missing")}
    said = house.ask(without_a_role(), listed(key))
    assert said.status == 200 or (key, said.code) == ("post /me/password", "record.invalid")


@pytest.mark.parametrize("key", PUBLIC)
def test_what_is_public_asks_nobody_who_they_are(key, house):
    """A language that is none, a wrong password and a forged link are refused for what they are."""
    said = house.ask(Client(headers={**OURS, "Host": "localhost"}), listed(key))
    assert said.status == 200 or said.code in (
        "company.unknown_language",
        "sign_in.wrong",
        "user.dead_link",
        "rating.unknown_link",
        "unsubscribe.unknown_link",
    )


@pytest.mark.parametrize("some", PLACES)
def test_without_a_role_nothing_is_done(some, house):
    nobody = without_a_role()
    house.row(some[0].place)
    with nothing_changes():
        asked = [(route, house.ask(nobody, route)) for route in some]
    assert [(r.key, said) for r, said in asked if not any(house.refused(said, r, right) for right in r.rights)] == []


@pytest.mark.parametrize("some", PLACES)
def test_without_the_right_to_it_nothing_is_done_whatever_else_one_may(some, house):
    everything = by_token(make.user("owner"))
    lacking = {right: holding({"*": 4, right: 0}) for right in {right for route in some for right in route.rights}}
    allowed = [(route, house.ask(everything, route)) for route in some]
    with nothing_changes():
        asked = [(route, right, house.ask(lacking[right], route)) for route in some for right in route.rights]
    assert [(r.key, right, said) for r, right, said in asked if not house.refused(said, r, right)] == []
    assert [(r.key, said) for r, said in allowed if any(house.refused(said, r, right) for right in r.rights)] == []
    assert [(r.key, said) for r, said in allowed if said.status == 500] == []


@pytest.mark.parametrize("some", PLACES)
def test_with_the_right_to_it_alone_one_is_not_sent_away(some, house):
    asked = [(route, house.ask(holding(dict.fromkeys([*route.rights, *sight(route)], 4)), route)) for route in some]
    wrong = [(r.key, said) for r, said in asked if said.code == "access.not_granted" or house.unseen(said, r)]
    assert wrong == []


def sight(route: Route) -> Iterator[str]:
    """The rights to see what a route speaks of, and what else it asks for."""
    record = noun_of(route.place) if route.of_one or "/bulk/" in route.key else None
    while record:
        yield access.read(record)
        record = type_of(record.field(record.seen_with).to) if record.seen_with else None
    yield from ALSO.get(route.key, ())


@pytest.mark.parametrize("some", OF_ONE)
def test_who_reaches_what_is_theirs_does_not_learn_that_anything_else_is_there(some, house):
    """Somebody who may everything with what is theirs: a colleague's record is none, nobody's is."""
    row = house.row(some[0].place)
    root = factories.deciding(row)
    if root is not None:
        type(root)._default_manager.filter(pk=root.pk).update(owner=make.user().pk)
    mine = holding({"*": 1})
    with nothing_changes():
        asked = [(route, house.ask(mine, route)) for route in some]
    if type_of(type(row)).seen_with or type_of(type(row)).has("owner"):
        assert [(r.key, said) for r, said in asked if (said.status, said.code) != (404, "record.not_found")] == []
    else:
        assert [(r.key, said) for r, said in asked if house.unseen(said, r)] == []


@pytest.mark.parametrize("some", OF_ONE)
def test_who_sees_everything_does_only_with_what_is_theirs_what_they_may_with_their_own(some, house):
    row = house.row(some[0].place)
    root = factories.deciding(row)
    if root is not None:
        type(root)._default_manager.filter(pk=root.pk).update(owner=make.user().pk)
        done = [route for route in some if route.method != "get"]
        mine = holding({"*": 4, **{right: 1 for route in done for right in route.rights}})
        with nothing_changes():
            asked = [(route, house.ask(mine, route)) for route in done]
        assert [(r.key, said) for r, said in asked if (said.status, said.code) != (403, "access.not_this_one")] == []


def adding() -> set[str]:
    """The verbs that write parts of another record and are told of which."""
    nouns = [record for record in records().values() if record.seen_with and record.domain != "test"]
    verbs = {one.name for noun in nouns for one in of_noun(noun.name) if noun.seen_with in one.input.model_fields}
    return verbs | {f"{noun.name}.create" for noun in nouns if noun.create == "generic"}


PARTS = {
    "customers.contact_point.add": ("contact_points", {"kind": "email", "value": "new@guanxi.test"}),
    "customers.contact_point.attach": ("contact_points/{waiting}/attach", {}),
    "customers.consent.give": (
        "consents", {"purpose": "marketing", "channel": "email", "wording": "Yes", "how": "spoken", "place": "shop"}
    ),
    "customers.consent.withdraw": ("consents/withdraw", {"purpose": "marketing", "how": "told"}),
    "customers.hold.place": ("holds", {"reason": "complaint"}),
    "customers.contact.create": ("contacts", {"person": "{person}"}),
}  # fmt: skip
"""What is added to a customer by each."""


def test_every_verb_that_adds_to_another_record_is_tried_below():
    assert adding() - {"channels.delivery.ask"} == set(PARTS)


@pytest.mark.parametrize("right", PARTS)
def test_who_sees_everything_adds_only_to_what_the_right_to_add_reaches(right):
    """The right to add to what is one's own adds nothing to what a colleague owns, though it is seen."""
    theirs, mine = (customers.organisation() for _ in range(2))
    user = make.holder({"*": 4, right: 1})
    Customer.objects.filter(pk=theirs.pk).update(owner=make.user().pk)
    Customer.objects.filter(pk=mine.pk).update(owner=user.pk)
    path, given = PARTS[right]
    waiting = find_or_create(SYSTEM, kind="email", value="waiting@guanxi.test").pk
    path, api = path.replace("{waiting}", str(waiting)), Api(user)
    given = {name: str(customers.customer().pk) if value == "{person}" else value for name, value in given.items()}
    whole = "organisation" if path == "contacts" else "customer"
    with nothing_changes():
        refused = api.post(path, {**given, whole: str(theirs.pk)}, status=403)
    assert refused["code"] == "access.not_this_one"
    if right == "customers.contact_point.attach":  # what is nobody's is not one's own either
        return
    made = api.post(path, {**given, whole: str(mine.pk)}, status=200 if path.endswith("withdraw") else 201)
    assert made[whole]["id"] == str(mine.pk)
    if right == "customers.contact_point.add":
        claimed = {**given, "value": "waiting@guanxi.test", whole: str(theirs.pk)}
        assert api.post(path, claimed, status=403)["code"] == "access.not_this_one"
        assert api.post(path, {**claimed, whole: str(mine.pk)}, status=201)["id"] == str(waiting)


def test_nothing_is_moved_to_what_the_right_to_change_does_not_reach():
    theirs, mine = (customers.organisation() for _ in range(2))
    user = make.holder({"*": 4, "customers.contact.change": 1})
    Customer.objects.filter(pk=theirs.pk).update(owner=make.user().pk)
    Customer.objects.filter(pk=mine.pk).update(owner=user.pk)
    contact, api, moved = customers.contact(organisation_=mine), Api(user), {"organisation": str(theirs.pk)}
    with nothing_changes():
        assert api.patch(f"contacts/{contact.pk}", moved, status=403)["code"] == "access.not_this_one"


@pytest.mark.parametrize("some", PLACES)
def test_a_script_may_what_its_person_may_and_a_browser_only_what_pages_of_ours_ask(some, house):
    owner = make.user("owner")
    script, page, elsewhere = by_token(owner), by_session(owner, **OURS), by_session(owner)
    both = [(route.key, house.ask(script, route), house.ask(page, route)) for route in some]
    other = {house.ask(elsewhere, route) for route in some if route.method != "get"}
    assert [one for one in both if one[1].status != one[2].status and NOT_BY_TOKEN.get(one[0]) != one[1].code] == []
    assert other <= {Said(403, "session.other_site")}


@pytest.mark.parametrize("key", NOT_BY_TOKEN)
def test_a_script_does_not_hand_out_access_nor_change_who_may_sign_in(key, house):
    owner = make.user("owner")
    assert house.ask(by_token(owner), listed(key)) == Said(403, NOT_BY_TOKEN[key])
    assert house.ask(by_session(owner, **OURS), listed(key)).code in ("", "record.invalid")


def planted() -> NinjaAPI:
    """An interface in which somebody wrote a route by hand and forgot the right to it."""
    forgetful = Router()

    @forgetful.get("/{uuid:id}/secrets", operation_id="planted")
    def secrets(request: HttpRequest, id: UUID) -> HttpResponse:
        return answer({"everything": id})

    api = NinjaAPI(auth=authenticate, urls_namespace="planted", docs_url=None, openapi_url=None)
    api.add_router("/customers", forgetful)
    return api


def test_a_planted_route_without_a_right_is_caught(house):
    api = planted()
    schema = api.get_openapi_schema(path_prefix="/api/")
    key = "get /customers/{id}/secrets"
    assert key in undeclared(schema)
    route = Route(key, ("customers.customer.read",), described(schema)[key])
    with override_settings(ROOT_URLCONF=(path("api/", api.urls),)):
        said = house.ask(holding({"*": 4, "customers.customer.read": 0}), route)
    assert (said, house.refused(said, route, "customers.customer.read")) == (Said(200), False)
