"""`make up`, as a person types it."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from guanxi.app.environment import LINUX
from tests.requirements import CHECKOUT

READY = re.compile(r"Guanxi is ready: open http://localhost:(\d+) in a browser")

pytestmark = [
    pytest.mark.skipif(not shutil.which("make"), reason="no make"),
    pytest.mark.skipif(not shutil.which("npm"), reason="no npm: install Node 20 or newer"),
    pytest.mark.xdist_group("make"),
]


def started(home: Path, log: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """A `make up` that is ready, and its port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DATABASE_", "MAKE"))}
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "up"], cwd=CHECKOUT, env={**kept, "GUANXI_HOME": str(home), "PORT": "0"}, stdout=out, stderr=out
        )
    end = time.monotonic() + 300  # the first one on a machine installs and builds
    while not (found := READY.search(log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    return process, int(found.group(1))


def closed(port: int) -> bool:
    """Whether nothing listens there any more."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.connect()
    except ConnectionRefusedError:
        return True
    asked.close()
    return False


def test_make_up_serves_the_page_and_ends_with_ctrl_c(tmp_path):
    process, port = started(tmp_path / "home", tmp_path / "log")
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    asked.request("GET", "/")
    answer = asked.getresponse()
    page = answer.read()
    process.send_signal(signal.SIGTERM)
    process.wait(20)

    assert answer.status == 200
    assert b'<div id="root">' in page
    assert b"__CSP_NONCE__" not in page
    assert closed(port)


@pytest.mark.skipif(not LINUX, reason="only Linux tells a process of its parent's end")
def test_nothing_is_left_of_a_make_that_is_killed(tmp_path):
    process, port = started(tmp_path / "home", tmp_path / "log")
    process.kill()
    process.wait()

    end = time.monotonic() + 15
    while not closed(port):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_second_start_does_nothing_anew(tmp_path):
    said = []
    for _ in range(2):
        process, _ = started(tmp_path / "home", tmp_path / "log")
        process.terminate()
        process.wait(20)
        said.append((tmp_path / "log").read_text())

    first, second = said
    assert "steps" in first
    assert not re.search("steps|Building|Installing", second), second
