"""The database of a test run: migrated once into a template, copied for every worker."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

STEM = "test_template_"
TEMPLATE_LOCK = 0x67756174  # whoever builds the template; the others wait and find it
PACKAGES = ("django", "procrastinate", "psycopg")


def fingerprint() -> str:
    """What the migrations would make: changes when any of them, or a package that brings some, changes."""
    digest = hashlib.sha256(" ".join(f"{name}={version(name)}" for name in PACKAGES).encode())
    for config in sorted(apps.get_app_configs(), key=lambda each: each.name):
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.name}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def maintenance(place: dict[str, Any]) -> psycopg.Connection[Any]:
    """A connection from which databases can be made and dropped."""
    parts = {"user": place["USER"], "password": place["PASSWORD"], "host": place["HOST"], "port": place["PORT"]}
    return psycopg.connect(dbname="postgres", autocommit=True, **{name: part for name, part in parts.items() if part})


def drop(connection: psycopg.Connection[Any], name: str) -> None:
    """Drop a database, whoever is still connected."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _build_template(connection: psycopg.Connection[Any], name: str) -> None:
    stale = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [STEM]).fetchall()
    for (old,) in stale:
        drop(connection, old)
    scratch = f"{name}_new"
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch)))
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = scratch
    call_command("migrate", interactive=False, verbosity=0)
    connections["default"].close()
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(scratch), sql.Identifier(name)))


def copy(connection: psycopg.Connection[Any], name: str) -> None:
    """Make a database of this name as migrated as the template, whoever is connected to others."""
    drop(connection, name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(STEM + fingerprint()))
    )


def make(place: dict[str, Any], *, worker: str) -> str:
    """Make the database of one worker and return its name."""
    name = f"test_{place['NAME']}{f'_{worker}' if worker else ''}"
    with maintenance(place) as connection:
        connection.execute("SELECT pg_advisory_lock(%s::bigint)", [TEMPLATE_LOCK])
        template = STEM + fingerprint()
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _build_template(connection, template)
        copy(connection, name)
    return name


def address(place: dict[str, Any], name: str) -> str:
    """What DATABASE_URL has to say for a process that works in a database of a test."""
    where = urlencode({part.lower(): str(place[part]) for part in ("HOST", "PORT") if place[part]})
    return f"postgresql://{place['USER']}:{quote(place['PASSWORD'])}@/{name}?{where}"


@contextmanager
def apart(suffix: str) -> Iterator[str]:
    """A database of its own that other processes see, and this one within the block; yields its address."""
    place, live = settings.DATABASES["default"], connections["default"].settings_dict
    before = place["NAME"]
    name = f"{before}_{suffix}"
    connections["default"].close()
    with maintenance(place) as connection:
        copy(connection, name)
    live["NAME"] = name
    try:
        yield address(place, name)
    finally:
        connections["default"].close()
        live["NAME"] = before
        with maintenance(place) as connection:
            drop(connection, name)
