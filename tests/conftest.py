"""What every test may rely on: a migrated database that is rolled back, and skips that say what is missing."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from guanxi.app.postgres import places
from guanxi.app.postgres.server import available
from guanxi.kernel import custom, limits
from tests import databases
from tests.requirements import CHECKOUT, REQUIREMENTS, required

os.environ["PYTHONPATH"] = str(CHECKOUT / "src")  # for the processes that tests start
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # a browser test leaves its event loop in the worker that ran it
TEST_HOME = CHECKOUT / ".home" / "test"  # the embedded server of the suite, unless DATABASE_URL names one


def pytest_configure() -> None:
    """Passwords are hashed by the same method, but cheaply: most tests make people."""
    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 64
    Argon2PasswordHasher.parallelism = 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the kernel does with a database must hold on every version of it that we promise."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "kernel" in item.path.parts and ("db" in names or item.get_closest_marker("django_db")):
            item.add_marker(pytest.mark.sql)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip by name what this machine cannot run; where it is required, the skip is a failure (see below)."""
    for name, requirement in REQUIREMENTS.items():
        if item.get_closest_marker(name) and not requirement.found():
            pytest.skip(f"{name}: {requirement.how}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where a requirement is declared in GUANXI_REQUIRE, no test that needs it may be skipped, for whatever reason."""
    report = yield
    missing = sorted(name for name in required() if item.get_closest_marker(name))
    if report.skipped and missing and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but GUANXI_REQUIRE names {', '.join(missing)}: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment, django_db_blocker) -> Iterator[None]:
    """One database for each worker, copied from a template that is migrated once for all runs of a version."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    place, live = settings.DATABASES["default"], connections["default"].settings_dict
    original = place["NAME"]
    with ExitStack() as stack:
        if settings.EMBEDDED_DATABASE:
            stack.enter_context(available(TEST_HOME))
            place["HOST"] = live["HOST"] = str(places.socket_folder(TEST_HOME))
        with django_db_blocker.unblock():
            name = databases.make(place, worker=worker)
            place["NAME"] = live["NAME"] = name
        yield
        with django_db_blocker.unblock():
            connections.close_all()
            place["NAME"] = live["NAME"] = original
            with databases.maintenance(place) as connection:
                databases.drop(connection, name)


@pytest.fixture(autouse=True)
def nothing_counted_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is rolled back forgets what was counted; so does the process."""
    monkeypatch.setattr(limits, "_here", limits.Tally())


@pytest.fixture(autouse=True)
def no_fields_added_yet() -> Iterator[None]:
    """A database that is rolled back forgets the fields of the company; so does the process."""
    yield
    custom.forget()


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data sets; ask for it only in tests marked `data`."""
    found = REQUIREMENTS["data"].found()
    if not found:
        pytest.skip(f"data: {REQUIREMENTS['data'].how}")
    return Path(found)
