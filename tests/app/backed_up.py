"""A house with something of everything, for the tests of backups, and how scripts and real commands are run in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from typing import Any

from tests.requirements import CHECKOUT

NUMBER, PASSWORD, CONTENT = "510104198503071234", "correct horse battery", "name,city\nAnn,Leeds\n"
INSIDE = """
from guanxi.app import environment
environment.make_key(fresh=True)
import django
django.setup()
import json
from django.db import connection
from guanxi.app import migration
from guanxi.app.postgres.server import available
with available():
    {pending}
    from guanxi.channels.email.models import Mailbox
    from guanxi.customers.customers.models import Customer
    from guanxi.kernel.actor import SYSTEM
    from guanxi.kernel.api.history import history_of
    from guanxi.kernel.records import type_of
    from guanxi.kernel.secrets import unseal
    from guanxi.kernel.writes import change
    from guanxi.workspace.company.operations import first_run
    from guanxi.workspace.imports import files
    from guanxi.workspace.users.models import User
    from tests.factories import channels, customers, workspace
{text}
    connection.close()
"""
SEED = f"""
first_run(company="Leeds Tea", language="en", zone="UTC", currency="GBP", line_of_work="shop",
          name="Olive Owner", email="olive@company.test", password={PASSWORD!r})
ann = customers.customer("Ann")
with change(Customer, ann.pk, by=SYSTEM) as row:
    row.id_number = {NUMBER!r}
channels.mailbox()
workspace.import_run({CONTENT!r})
"""
READ = """
ann = Customer.objects.get(name="Ann")
print(json.dumps({
    "id_number": ann.id_number.opened(), "version": ann.version, "id": str(ann.pk),
    "changes": [sorted(one["diff"]) for one in history_of(SYSTEM, type_of(Customer), ann)["changes"]],
    "mailbox": unseal(Mailbox.objects.get().secret), "customers": Customer.objects.count(),
    "people": list(User.objects.values_list("email", flat=True)),
    "files": [files.opened(one).read().decode() for one in files.given_by(SYSTEM)],
}))
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a process of a home of its own is told."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DATABASE_"))}
    paths = os.pathsep.join(map(str, (CHECKOUT / "src", CHECKOUT)))
    house = {"GUANXI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "guanxi.app.settings", "PYTHONPATH": paths}
    return {**kept, **house, "DEMO": "0", "PORT": "0", **more}


def inside(home: Path, text: str, *, fresh: bool = False, **more: str) -> str:
    """Run a script in a house, in a new one when it is to be `fresh`; what it printed."""
    whole = INSIDE.format(text=indent(text, "    "), pending="migration.migrate()" if fresh else "")
    done = subprocess.run(
        [sys.executable, "-c", whole], cwd=CHECKOUT, env=environment(home, **more), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def read(home: Path, **more: str) -> dict[str, Any]:
    """What people would find in a house."""
    return dict(json.loads(inside(home, READ, **more)))


def started(home: Path, *words: str, **more: str) -> "subprocess.Popen[str]":
    """The real command, begun."""
    return subprocess.Popen(
        [sys.executable, "-m", "guanxi", *words], cwd=CHECKOUT, env=environment(home, **more),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def guanxi(home: Path, *words: object, **more: str) -> tuple[int, str, str]:
    """The real command: exit code, what it printed, what it complained of."""
    process = started(home, *map(str, words), **more)
    printed, complained = process.communicate(timeout=300)
    assert "Traceback" not in complained, complained
    return process.returncode, printed, complained
