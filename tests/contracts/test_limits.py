"""No request goes round the limits, and whoever is too fast is told when to come again, in their language."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from ninja import NinjaAPI, Router

from guanxi.app import children
from guanxi.app.children import admit
from guanxi.app.urls import interface
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api import throttling
from guanxi.kernel.api.throttling import Throttle
from guanxi.kernel.limits import RateLimit, limits
from guanxi.kernel.words import say
from guanxi.workspace.tokens.operations import create_token
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import workspace as make
from tests.routes import DESCRIBED, PUBLIC, described
from tests.unchanged import nothing_changes

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
ID = str(UUID(int=7))
WAIT = 7


def unlimited(api: NinjaAPI) -> list[str]:
    """The ways in at which nobody asks how often."""
    return sorted(
        str(one.operation_id)
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for one in view.operations
        if [type(each) for each in one.throttle_objects] != [Throttle]
    )


def test_every_way_in_is_counted_once():
    assert unlimited(interface) == []


def test_a_way_round_is_caught():
    api, router = NinjaAPI(urls_namespace="planted", throttle=throttling.ORDINARY), Router()

    @router.get("/round", operation_id="round", throttle=[])
    def go_round(request):
        return {}

    @router.get("/through", operation_id="through")
    def go_through(request):
        return {}

    api.add_router("", router)
    assert api.urls and unlimited(api) == ["round"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_route_refuses_with_the_time_and_a_sentence(monkeypatch, language):
    """Whoever signs in; the public ones by where they come from."""
    person = make.holder({"*": 4})
    User.objects.filter(pk=person.pk).update(language=language)
    known, stranger = Api(person).client, Client(headers={"Accept-Language": language})

    def refuse(limit: RateLimit, _whom: object) -> None:
        raise limit.refusal(WAIT)

    monkeypatch.setattr(throttling, "count", refuse)
    said = say("error.limit.too_many", language, seconds=WAIT)
    for key in described(DESCRIBED):
        method, place = key.split(" ", 1)
        address = "/api" + place.replace("{id}", ID).replace("{number}", "1")
        with nothing_changes() if method != "get" else monkeypatch.context():
            client = stranger if key in PUBLIC else known
            answer = client.generic(method.upper(), address, "{}", content_type="application/json")
        told = json.loads(answer.content)
        assert (answer.status_code, answer["Retry-After"]) == (429, str(WAIT)), key
        assert (told["code"], told["message"]) == ("limit.too_many", said), key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "method", "place"),
    [
        ("READS", "get", "customers"),
        ("WRITES", "post", "customers"),
        ("SEARCHES", "get", "search?q=a"),
        ("SEARCHES", "post", "segments/preview"),
        ("IMPORTS", "post", "imports/upload?noun=customers&name=a.csv"),
        ("EXPORTS", "get", f"imports/{ID}/problems.csv"),
        ("EXPORTS", "get", f"protocols/{ID}/handbook"),
    ],
)
def test_a_kind_of_request_has_its_own_limit_and_each_person_theirs(monkeypatch, name, method, place):
    few = replace(getattr(throttling, name), most=2)
    monkeypatch.setattr(throttling, name, few)
    for throttle in (throttling.SEARCHING, throttling.EXPORTING, throttling.IMPORTING):
        if throttle._of and throttle._of.name == few.name:
            monkeypatch.setattr(throttle, "_of", few)

    def ask(api: Api) -> int:
        return int(
            api.client.generic(method.upper(), f"/api/{place}", "{}", content_type="application/json").status_code
        )

    first, second = Api(make.holder({"*": 4})), Api(make.holder({"*": 4}))
    assert 429 not in (ask(first), ask(first))
    assert ask(first) == 429
    assert ask(second) != 429
    first.get("me", status=429 if name == "READS" else 200)


@pytest.mark.django_db
def test_strangers_are_counted_by_where_they_come_from_whatever_they_say(monkeypatch):
    monkeypatch.setattr(throttling, "STRANGERS", replace(throttling.STRANGERS, most=2))

    def ask(place: str, forwarded: str, secret: str = "") -> int:
        said = {"X-Forwarded-For": forwarded, "Forwarded": f"for={forwarded}", "X-Real-IP": forwarded}
        said |= {"Authorization": f"Bearer {secret}"} if secret else {}
        return int(Client(REMOTE_ADDR=place, headers=said).get("/api/me").status_code)

    assert [ask("203.0.113.9", f"198.51.100.{n}", f"gs_{n}") for n in range(3)] == [401, 401, 429]
    assert [ask(f"2001:db8::{n}", "::1") for n in (1, 2, 3)] == [401, 401, 429]
    assert ask("203.0.113.10", "203.0.113.9") == 401


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "place"), [("GET", "/api/live"), ("POST", "/api/imports/upload")])
def test_what_is_asked_before_django_counts_strangers_with_all_others(monkeypatch, method, place):
    """A stream and a large file are let in by the server itself: a secret that opens nothing counts there, too."""
    monkeypatch.setattr(throttling, "STRANGERS", replace(throttling.STRANGERS, most=2))
    monkeypatch.setattr(children, "close_old_connections", lambda: None)  # it would close that of the test
    where, wrong = {"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_AUTHORIZATION": "Bearer gs_wrong"}
    for _ in range(2):
        assert admit(RequestFactory().generic(method, place, **where, **wrong).environ) is None
    assert Client(**where).get("/api/me").status_code == 429
    secret = create_token(SYSTEM, name="test", email=make.holder({"*": 4}).email)
    sees = admit(RequestFactory().generic(method, place, **where, HTTP_AUTHORIZATION=f"Bearer {secret}").environ)
    assert sees is not None and sees("customers.customer")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_says_what_to_do(language):
    for one in limits().values():
        sentence = say(f"error.{one.code}", language, seconds=WAIT)
        assert str(WAIT) in sentence and one.about.endswith("."), one.name
