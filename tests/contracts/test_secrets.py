"""What never leaves the house, and what never comes in: secrets, moments without a zone."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import get_args

import pytest
from django.apps import apps
from django.db.models import BinaryField
from pydantic import ValidationError

from guanxi.kernel.api.jobs import KEPT, forget_answers
from guanxi.kernel.fields import SecretField, kind_of
from guanxi.kernel.models import IdempotentAnswer, Row
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.kernel.time import frozen, now
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

SECRET = ("password", "secret", "token", "hash", "private")
WITH_MOMENTS = [
    pytest.param(one, name, id=f"{one.name}.{name}")
    for one in operations().values()
    for name, hint in one.hints.items()
    if name in one.input.model_fields and (hint is datetime or datetime in get_args(hint))
]


def named_like_a_secret(name: str) -> bool:
    """Whether a column is called as secrets are; when something was set is none."""
    return not name.endswith("_at") and any(part in name for part in SECRET)


def columns():
    """Every column of a noun's table."""
    return [field for model in apps.get_models() if issubclass(model, Row) for field in model._meta.concrete_fields]


@pytest.mark.parametrize("field", [f for f in columns() if named_like_a_secret(f.name)], ids=str)
def test_what_is_called_like_a_secret_is_kept_as_one(field):
    assert isinstance(field, SecretField | BinaryField)
    with pytest.raises(LookupError):
        kind_of(field)


@pytest.mark.parametrize("record", records().values(), ids=lambda record: record.name)
def test_no_noun_shows_searches_or_sorts_by_a_secret(record):
    assert [name for name in (*record.fields, *record.search, record.title) if named_like_a_secret(name)] == []


def test_the_planted_secret_would_be_caught():
    assert [name for name in ("password", "api_token", "password_set_at") if named_like_a_secret(name)] == [
        "password",
        "api_token",
    ]
    assert {f"{f.model.__name__}.{f.name}" for f in columns() if named_like_a_secret(f.name)} >= {
        "User.password",
        "Mailbox.secret",
        "Token.hash",
    }


@pytest.mark.parametrize(("operation", "name"), WITH_MOMENTS)
def test_a_moment_without_its_zone_is_refused(operation, name):
    with pytest.raises(ValidationError) as caught:
        operation.input.model_validate({name: "2026-11-27T00:00:00"})
    assert "timezone_aware" in [error["type"] for error in caught.value.errors() if error["loc"][0] == name]


@pytest.mark.django_db
def test_what_is_kept_of_a_request_does_not_prove_a_guess_of_it(settings):
    """It may hold a password: only who has the keys tells whether two requests are the same, also by an older one."""
    api, other = Api(make.user("owner")), make.user("agent")
    path, given = f"users/{other.pk}/set_password", {"password": "never written down"}
    api.post(path, given, idempotency_key="k")
    kept = bytes(IdempotentAnswer.objects.get(key="k").request)
    said = f"/api/{path}{json.dumps(given)}".encode()
    assert kept != hashlib.sha256(said).digest()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer key", [settings.SECRET_KEY]
    with nothing_changes():
        api.post(path, given, idempotency_key="k")
    refused = api.post(path, {"password": "another one!"}, status=409, idempotency_key="k")
    assert refused["code"] == "request.key_used_otherwise"


@pytest.mark.django_db
def test_what_was_answered_under_a_key_is_forgotten_after_a_week():
    api = Api(make.user("owner"))
    api.post("teams", {"name": "A"}, status=201, idempotency_key="old")
    with frozen(now() + KEPT - timedelta(minutes=1)):
        api.post("teams", {"name": "B"}, status=201, idempotency_key="new")
        forget_answers.function()
    assert IdempotentAnswer.objects.count() == 2
    with frozen(now() + KEPT + timedelta(minutes=1)):
        forget_answers.function()
    assert [one.key for one in IdempotentAnswer.objects.all()] == ["new"]
