"""Children that end with their parent, with the kernel's help and without it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guanxi.app.environment import LINUX
from tests.requirements import CHECKOUT

FAMILY = """
import os, signal, subprocess, sys, time
from guanxi.app import parent
if sys.argv[1] == "without":
    parent._prctl = None
leash = parent.Leash()
def bound():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell in the background may have it ignored
    leash.bind(signal.SIGINT)
foreign = subprocess.Popen(["sleep", "60"], preexec_fn=bound)
guard = leash.guard(foreign.pid, signal.SIGINT)
forked = []
for _ in range(2):
    child = os.fork()
    if child == 0:
        leash.follow()
        time.sleep(60)
    forked.append(child)
print(foreign.pid, *forked, *([guard] if guard else []), flush=True)
time.sleep(60)
"""


def lives(process: int) -> bool:
    """Whether a process still runs; one that nobody reaps does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not LINUX or Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("kernel", ["with", "without"])
def test_every_child_ends_with_a_parent_that_is_killed(kernel):
    command = [sys.executable, "-c", FAMILY, kernel]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as family:
        assert family.stdout
        children = [int(each) for each in family.stdout.readline().split()]
        assert len(children) == (3 if kernel == "with" and LINUX else 4)
        assert all(lives(each) for each in children)
        family.send_signal(signal.SIGKILL)

    end = time.monotonic() + 10
    while any(lives(each) for each in children):
        assert time.monotonic() < end, [each for each in children if lives(each)]
        time.sleep(0.02)
