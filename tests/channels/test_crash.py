"""Workers killed for real while mails are leaving: marketing is not repeated, a reply is, under the same id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings

from guanxi.channels.conversations import operations as talks
from guanxi.channels.gate.models import Delivery
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.jobs import STALLED
from tests import databases
from tests.factories import channels as make
from tests.requirements import CHECKOUT

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]
WORKER = "import django; django.setup(); from guanxi.kernel.jobs import run_worker; run_worker()"


def noon_somewhere() -> str:
    """A zone in which it is about noon now, so that no quiet hour disturbs."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


@pytest.fixture
def worker() -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts workers on this test's database; ends those that are left."""
    place = settings.DATABASES["default"]
    address = databases.address(place, place["NAME"])
    wanted = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "guanxi.app.settings", "GUANXI_HOME": settings.HOME}
    started = []

    def start() -> subprocess.Popen:
        # The key that sealed the mailbox's password has to be the same in both processes.
        code = f"from django.conf import settings; settings.SECRET_KEY = {settings.SECRET_KEY!r}; {WORKER}"
        env = {**os.environ, **{name: str(value) for name, value in wanted.items()}}
        started.append(subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, env=env))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait(condition: Callable[[], bool], seconds: float) -> None:
    """Until it is so; not for ever."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, list(Delivery.objects.values_list("purpose", "status", "reason"))
        time.sleep(0.1)


def statuses() -> dict[str, str]:
    return dict(Delivery.objects.values_list("purpose", "status"))


def test_a_worker_killed_while_mails_leave(mail_server, worker):
    make.mailbox(mail_server)
    zone = noon_somewhere()
    for purpose in ("marketing", "contract"):
        address = f"{purpose}@customers.test"
        person = make.customer(address, consent="marketing", zone=zone)
        mail_server.fail(address, at="data", seconds=20, times=1)
        talks.send_letter(SYSTEM, customer=person.pk, template=make.template(purpose=purpose).pk)
    first = worker()
    clocks.fire_due()
    wait(lambda: statuses() == {"marketing": "sending", "contract": "sending"}, 20)
    first.send_signal(signal.SIGKILL)
    first.wait()
    worker()
    wait(lambda: statuses() == {"marketing": "uncertain", "contract": "sent"}, STALLED.total_seconds() + 30)
    assert [mail["to"] for mail in mail_server.taken()] == ["contract@customers.test"]
    assert Delivery.objects.get(purpose="contract").provider == mail_server.taken()[0]["id"]
