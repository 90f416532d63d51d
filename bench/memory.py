"""What an idle house weighs: the sum of the proportional set sizes of all its processes."""

import time
from pathlib import Path

from bench.house import processes, running

LIMIT_MB = 450


def run(*, rows: int) -> bool:  # noqa: ARG001  the idle weight does not depend on rows
    """Measure and print; True when the promise is kept."""
    with running() as house:
        time.sleep(3)
        weights = {pid: _pss(pid) for pid in processes(house.parent)}
    total = sum(weights.values())
    print(f"\nIdle house: {total:.0f} MB PSS in {len(weights)} processes (limit {LIMIT_MB})")
    return total <= LIMIT_MB


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
