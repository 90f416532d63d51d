"""Whatever is sent to whatever route: an answer, or a refusal with code and sentence; no fault, nothing half done."""

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.records import RecordType, records
from guanxi.kernel.writes import check
from guanxi.lib.errors import Invalid, Problem
from guanxi.workspace.tokens.operations import create_token
from tests import factories
from tests.described import DESCRIBED, Schema, resolved, smallest
from tests.factories import workspace as make
from tests.unchanged import fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
Request = tuple[str, dict[str, str], bytes | None]
ALIKE = re.compile(r"/api/(?!customers/)\w+/({id}/(history|timeline|archive|restore)|bulk/{verb})$")
"""Routes that every noun has and that know nothing of its fields: those of one noun stand for all."""
ROUTES = [
    pytest.param(path, method, about, id=about["operationId"])
    for path, methods in DESCRIBED["paths"].items()
    for method, about in methods.items()
    if not ALIKE.match(path)
]
HAN = re.compile(r"[\u4e00-\u9fff]")
DEEP = "[" * 2000 + "]" * 2000
NESTED = '{"not":' * 1000 + '{"field":"id","op":"empty"}' + "}" * 1000
TEXTS = ("", "\x00", "\ud800", "x" * 20_000, "-1", "9" * 400, "99999-12-31T00:00:00Z")
WHERE = (
    "{", "[]", DEEP, NESTED, '{"field":"id"}', '{"v":2,"and":[]}',
    '{"field":"\\u0000"}', '{"field":["id"],"op":{}}', '{"and":{}}', '{"and":[1]}', '{"related":[],"op":1}',
    '{"field":"created_at","op":"last","value":{"years":40000}}',
    '{"field":"created_at","op":"last","value":{"months":1200}}',
    '{"field":"created_at","op":"next","value":{"years":100}}',
    '{"field":"created_at","op":"gt","value":"0001-01-01T00:00:00+14:00"}',
    '{"field":"created_at","op":"anniversary_within","value":[]}', '{"field":"version","op":"is","value":"1e400"}',
    '{"field":"version","op":"between","value":[1,"x"]}', '{"field":"origin","op":"in","value":["\\u0000"]}',
)  # fmt: skip
ODD: dict[str, tuple[Any, ...]] = {
    "string": ("", "\x00", "\ud800", "x" * 20_000, 1),
    "uuid": ("", "\x00", str(uuid4())),
    "date": ("99999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", -1, 1e308),
    "integer": (-1, 10**30, 1e308, "1e999"),
    "number": (-1, 10**30, 1e308, "NaN", "1e999"),
    "boolean": ("perhaps",),
    "array": ({}, [[]], ["\x00"], [{"\x00": [None]}], [str(uuid4())] * 3),
    "object": ([], {"\x00": "\x00"}, {"field": "nothing", "op": "is"}, {"and": [{"not": 1}]}, {"x": {"y": [10**30]}}),
    "null": (),
}
BODIES = (
    b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe\x00", b"\x00", DEEP.encode(), b'{"\x00": 1}', b'{"a": 1, "a": 2}',
    b"NaN", b"1" * 5000,
)  # fmt: skip


@pytest.fixture
def client(settings, tmp_path):
    """Somebody who may do everything and reads Chinese."""
    settings.HOME = tmp_path
    user = make.user("owner", language="zh-Hans")
    secret = create_token(SYSTEM, name="test", email=user.email)
    headers = {"Authorization": f"Bearer {secret}", "X-Guanxi": "1", "Accept-Language": "zh-CN"}
    return Client(headers=headers, raise_request_exception=False)


@pytest.mark.parametrize(("path", "method", "about"), ROUTES)
def test_a_route_answers_or_refuses_whatever_it_is_sent(client, path, method, about):
    asked = list(requests(path, method, about))
    before = kept() if method != "get" else {}
    answers = [(place, query, body, answered(client, method, place, query, body)) for place, query, body in asked]
    wrong = [(*sent, fault) for *sent, answer in answers if (fault := wrong_with(answer))]
    assert wrong == [], f"{len(wrong)} of {len(asked)}"
    assert method == "get" or kept() == before


def test_what_no_route_is_for_is_said_too(client):
    for address in ("/api/nothing", "/api/customers/nobody", "/api/customers/%00", "/api/%ff"):
        assert json.loads(client.get(address).content)["code"] == "request.no_such_address"


def test_a_wrong_method_is_refused_with_a_code_and_a_sentence_in_the_readers_language():
    client = Client(headers={"Accept-Language": "zh-CN"})
    said = client.put("/api/customers")
    refused = json.loads(said.content)
    assert (said.status_code, refused["code"]) == (405, "request.wrong_method")
    assert set(said["Allow"].split(", ")) == {"GET", "POST"}
    assert "不支持 PUT" in refused["message"]


def test_a_search_for_a_megabyte_is_answered(client):
    assert client.get("/api/customers", {"q": "关系 x" * 200_000}).status_code == 200


def test_a_body_of_another_kind_is_refused(client):
    before = fingerprint()
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = client.post("/api/teams", b"name=Sales", content_type=kind)
        assert json.loads(answer.content)["code"] == "request.not_json"
    assert fingerprint() == before


def kept() -> dict[str, tuple[int, str]]:
    """Everything that is stored, but for the count of tries."""
    return {table: rows for table, rows in fingerprint().items() if table != "kernel_limit"}


def requests(path: str, method: str, about: Schema) -> Iterator[Request]:
    """All that is tried on a route."""
    there, *odd = places(path)
    nothing = None if method == "get" else b"{}"
    yield from ((place, {}, nothing) for place in odd)
    asked = list(queries(about))
    yield from ((there, query, nothing) for query in asked)
    if method != "get":
        yield from ((there, asked[0], body) for body in bodies(about))


def places(path: str) -> list[str]:
    """The addresses of a route: of a record that is there, and of what is none."""
    if "{" not in path:
        return [path]
    noun = next((record for record in records().values() if path.startswith(f"/api/{record.plural}/")), None)
    there = str(factories.one(noun).pk) if noun else str(uuid4())
    return [re.sub(r"{[^}]+}", one, path) for one in (there, str(uuid4()), "no-such", "%00", "1" * 5000)]


def queries(about: Schema) -> Iterator[dict[str, str]]:
    """Every parameter with every odd value; those that are needed are there."""
    known = [one for one in about.get("parameters", ()) if one["in"] == "query"]
    needed = {one["name"]: str(smallest(one["schema"])) for one in known if one.get("required")}
    yield needed
    yield from (needed | {one["name"]: odd} for one in known for odd in (WHERE if one["name"] == "where" else TEXTS))
    yield needed | {"no_such": "x"}


def bodies(about: Schema) -> Iterator[bytes]:
    """What is no object, then every field with every odd value, the others being as they should."""
    yield from BODIES
    content = about.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        schema = resolved(content["schema"])
        whole = smallest(schema)
        for name, field in schema.get("properties", {}).items():
            yield from (json.dumps({**whole, name: odd}).encode() for odd in odd_values(field))
        yield json.dumps({**whole, "no_such_field": 1}).encode()


def odd_values(schema: Schema) -> list[Any]:
    """What a field may be sent that it should not: of each of its kinds, and nothing at all."""
    kinds = [resolved(one) for one in schema.get("anyOf", [schema])]
    named = [str(one.get("format", one.get("type", "object"))).removesuffix("-time") for one in kinds]
    return [None, *(odd for kind in named for odd in ODD[kind])]


def answered(client: Client, method: str, place: str, query: dict[str, str], body: bytes | None) -> HttpResponse:
    """The answer; what was accepted is taken back, so that only refusals leave traces."""
    asked = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in query.items())
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    with transaction.atomic():
        answer = getattr(client, method)(f"{place}?{asked}" if asked else place, **given)
        if answer.status_code < 400:
            transaction.set_rollback(True)
    return answer


def wrong_with(answer: Any) -> str:
    """What an answer should not be like; nothing when it is as promised."""
    if answer.status_code < 400:
        return ""
    if getattr(answer, "exc_info", None):
        return "".join(traceback.format_exception(*answer.exc_info, limit=-3))
    said = json.loads(answer.content)
    unsaid = [one["code"] for one in (said, *said["fields"].values()) if not HAN.search(one["message"])]
    return f"{answer.status_code} without a sentence: {unsaid}" if unsaid else ""


NO_ZONES = ["Nowhere/x", "../../etc/passwd", "localtime", "UTC'; select 1 --"]
NO_CURRENCIES = ["ZZZ", "€€€", "a\nb", "eur", "", "E"]


@pytest.mark.parametrize(
    ("kind", "value"), [*(("zone", value) for value in NO_ZONES), *(("currency", value) for value in NO_CURRENCIES)]
)
def test_what_is_no_zone_or_currency_is_refused_wherever_one_is_kept(kind, value):
    """One customer whose days cannot be worked out would stop a whole strategy."""
    kept = [(record, f) for record in records().values() for f in record.fields.values() if f.kind == kind]
    assert kept
    for record, field in kept:
        row = factories.one(record)
        setattr(row, field.name, value)
        with pytest.raises(Invalid) as refused:
            check(row, only={field.name})
        assert refused.value.fields[field.name].code == (f"field.{kind}_unknown" if value else "field.blank")


VALUES = (
    None, True, 1, -1, 1.5, 10**400, float("nan"), float("-inf"), "", "x", "1", "1e999", "\x00", "\ud800",
    "2026-01-02", "2026-01-02T10:00:00Z", str(uuid4()), [], [1], [1, 2], [1, 2, 3], ["x"], ["x", "y"], [None, None],
    [[1], [2]], ["2026-01-02"], [{}, {}], {}, {"days": 1}, {"days": [1]}, {"days": 1, "weeks": 1},
)  # fmt: skip
KINDS = {field.kind: (record, field.name) for record in records().values() for field in record.fields.values()}
"""A field of every kind that there is, and the noun it belongs to."""


def asked_of(kind: str) -> Iterator[dict[str, Any]]:
    """Every operator of a kind of field with every value."""
    name = KINDS[kind][1]
    yield from ({"field": name, "op": op, "value": one} for op in rules.operators(kind) for one in VALUES)
    yield from ({"field": name, "op": one, "value": 1} for one in VALUES)


def asked_of_related() -> Iterator[dict[str, Any]]:
    """Every aggregate of orders with every operator and every value."""
    amounts = {"count": "", "sum": "total", "min": "ordered_at", "max": "total", "exists": ""}
    for aggregate, of in amounts.items():
        part = {"related": "orders", "aggregate": aggregate} | ({"of": of} if of else {})
        yield from ({**part, "op": op, "value": one} for op in (*rules.COMPARING, "true", "in") for one in VALUES)
        yield from ({**part, "value": 1, key: one} for key in ("of", "last", "op", "where") for one in VALUES)
    yield from ({"related": "orders", "aggregate": one} for one in VALUES)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_condition_with_whatever_value_is_answered_and_said_or_refused(kind):
    faults_of(KINDS[kind][0], asked_of(kind))


def test_a_figure_of_related_records_with_whatever_value_is_answered_and_said_or_refused():
    faults_of(records()["customers.customer"], asked_of_related())


def test_two_figures_of_the_same_records_are_said_together_or_refused():
    parts = [{"related": "orders", "aggregate": "count", "op": op, "value": 2} for op in rules.COMPARING[:6]]
    wrong = [{"related": "orders", "aggregate": "count", "op": "between", "value": one} for one in VALUES]
    faults_of(records()["customers.customer"], ({"and": [a, b]} for a in parts for b in wrong))


def test_a_preview_of_a_count_between_one_number_is_refused(client):
    asked = {"related": "orders", "aggregate": "count", "op": "between", "value": [1]}
    answer = client.post("/api/segments/preview", json.dumps({"condition": asked}), content_type="application/json")
    assert (answer.status_code, wrong_with(answer)) == (422, "")


def faults_of(record: RecordType, conditions: Iterator[dict[str, Any]]) -> None:
    """Ask, and say in every language, what a preview would."""
    found = []
    for asked in conditions:
        try:
            with transaction.atomic():
                record.model._default_manager.filter(compiled(SYSTEM, asked, record)).first()
            for language in LANGUAGES:
                sentence(asked, record, actor=replace(SYSTEM, language=language), currency="EUR")
        except Problem:
            continue
        except Exception as fault:
            found.append((asked, repr(fault)))
    assert found == [], "\n".join(map(str, found))
