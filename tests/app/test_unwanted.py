"""What the interface does with what nobody should send, and what it tells when something breaks."""

import pytest
import yaml
from django.test import Client

from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.kernel.words import words
from guanxi.workspace.tokens import api as session
from guanxi.workspace.tokens.operations import open_session
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
DEEP = '{"name": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"name": "half a character: \\ud800"}', "request.not_json"),
        ('{"name": NaN}', "request.not_json"),
        (DEEP, "request.not_json"),
        ("not json", "request.not_json"),
        ('{"name": "zero: \\u0000"}', "record.not_storable"),
        ('{"name": "Ann", "parent": "none"}', "input.invalid"),
    ],
)
def test_what_no_table_could_hold_is_refused(body, code):
    client = Api(make.user("owner")).client
    with nothing_changes():
        sent = client.post("/api/teams", body, content_type="application/json")
    assert (sent.status_code, sent.json()["code"]) == (422, code)


def test_a_key_with_a_character_that_no_text_holds_is_refused():
    api = Api(secret=open_session(make.user("owner")))
    with nothing_changes():
        assert (
            api.post("tokens/create", {"name": "x", "email": "\x00"}, status=422)["code"]
            == "request.value_out_of_range"
        )


def test_a_failure_tells_nothing_of_itself(monkeypatch):
    def broken(_request):
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr(session, "actor_for", broken)
    client = Client(raise_request_exception=False, headers={"Authorization": "Bearer gx_1", "Accept-Language": "zh-TW"})
    sent = client.get("/api/me")
    assert sent.status_code == 500
    said = words("zh-Hant")["error.server.failed"]
    assert sent.json() == {"code": "server.failed", "message": said, "values": {}, "fields": {}}


def test_nobody_fills_a_house_that_works_for_its_living_with_a_sample_company():
    assert [name for name in operations() if name.startswith("simulation.")] == []
    client = Api(make.user("owner")).client
    assert client.post("/api/firm/fill", "{}", content_type="application/json").status_code == 404


def test_an_analyst_looks_and_changes_nothing_of_customers_and_their_business():
    """Beside segments and the protocol: those are what an analyst makes."""
    assert "analyst" in yaml.safe_load(make.ROLES.read_text("utf-8"))
    analyst, own = make.actor("analyst"), ("customers.segment.", "protocols.", "workspace.", "app.mirror.")
    generic = [
        f"{noun.name}.{verb}"
        for noun in records().values()
        for verb, there in (
            ("create", noun.create == "generic"),
            ("change", noun.changeable),
            ("archive", noun.has("archived_at")),
        )
        if there
    ]
    verbs = [one.name for one in operations().values() if not one.reads and one.name != "channels.delivery.ask"]
    assert [name for name in (*verbs, *generic) if analyst.may(name) and not name.startswith(own)] == []
