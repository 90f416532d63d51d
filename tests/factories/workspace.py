"""People, teams and roles."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import yaml

import guanxi
from guanxi.customers.customers.sharing import share_customer
from guanxi.kernel.actor import SYSTEM, Actor, Level
from guanxi.kernel.models import CustomField
from guanxi.kernel.time import today
from guanxi.kernel.writes import create
from guanxi.workspace.custom_fields.operations import add_field
from guanxi.workspace.holidays.models import Holiday
from guanxi.workspace.holidays.operations import put_holiday
from guanxi.workspace.imports import files
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.operations import prepare_import
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.shares.models import Share
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todo
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.operations import create_token
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import invite_user
from tests.factories.customers import customer

ROLES = Path(guanxi.__file__).parent / "app" / "starter" / "roles.yaml"
PASSWORD = "correct horse battery"
_numbers = count(1)


def role(key: str = "agent") -> Role:
    """A role as it ships."""
    known = Role.objects.filter(key=key).first()
    if known:
        return known
    shipped = yaml.safe_load(ROLES.read_text("utf-8"))[key]
    return put_role(SYSTEM, key=key, name=shipped["name"]["en"], grants=shipped["grants"])


def team(name: str = "", **values: Any) -> Team:
    """A team."""
    return create(SYSTEM, Team, name=name or f"Team {next(_numbers)}", **values)


def custom_field(label: str = "", *, noun: str = "customers", **values: Any) -> CustomField:
    """A field that the company added."""
    return add_field(SYSTEM, noun=noun, label=label or f"Field {next(_numbers)}", **values)


def user(role_: str = "agent", *, team: Team | None = None, **values: Any) -> User:
    """Somebody who works here, in a shipped role."""
    role(role_)
    n = next(_numbers)
    given = {"name": f"User {n}", "email": f"user{n}@guanxi.test", "password": PASSWORD, **values}
    return invite_user(SYSTEM, roles=[role_], team=team and team.pk, **given)


def holder(grants: dict[str, int]) -> User:
    """Somebody with exactly these rights."""
    key = f"role-{next(_numbers)}"
    put_role(SYSTEM, key=key, name=key, grants=grants)
    n = next(_numbers)
    return invite_user(SYSTEM, roles=[key], name=f"Holder {n}", email=f"holder{n}@guanxi.test", password=PASSWORD)


def reader(*fields: str, level: Level, grants: dict[str, int] | None = None) -> User:
    """Somebody who may do everything (or this), and these fields only so far."""
    key = f"narrow-{next(_numbers)}"
    put_role(SYSTEM, key=key, name=key, grants=grants or {"*": 4}, fields={name: int(level) for name in fields})
    return invite_user(SYSTEM, roles=[key], name=key, email=f"{key}@guanxi.test", password=PASSWORD)


def acting(grants: dict[str, int]) -> Actor:
    """Somebody with exactly these rights, acting."""
    found = actor_of(holder(grants).pk)
    assert found is not None
    return found


def actor(role_: str = "agent", **values: Any) -> Actor:
    """Somebody who works here, acting."""
    found = actor_of(user(role_, **values).pk)
    assert found is not None
    return found


def token(owner: User | None = None) -> Token:
    """Access for a script."""
    create_token(SYSTEM, name="Script", email=(owner or user()).email)
    return Token.objects.latest("created_at")


def todo(owner: User | None = None, **values: Any) -> Todo:
    """Something to do, without a time."""
    acting = actor_of(owner.pk) if owner else SYSTEM
    assert acting is not None
    return add_todo(acting, **{"subject": f"To-do {next(_numbers)}", **values})


def share(customer_: Any = None, **values: Any) -> Share:
    """A customer shared with somebody, to be read."""
    given = {} if {"user", "team"} & values.keys() else {"user": user("agent").pk}
    return share_customer(SYSTEM, (customer_ or customer()).pk, **given, **values)


def import_run(text: str = "Name,City\nAnn,Leeds\n", noun: str = "customers", **values: Any) -> ImportRun:
    """A file that was looked at."""
    file = files.keep(SYSTEM, [text.encode()])
    return prepare_import(SYSTEM, noun=noun, file=file, file_name="people.csv", **values)


def holiday(**values: Any) -> Holiday:
    """A day the company has off, a year from now."""
    day = values.pop("day", None) or today("UTC") + timedelta(days=364 - next(_numbers) % 300)
    return put_holiday(SYSTEM, **({"day": day, "name": "Stocktaking"} | values))
