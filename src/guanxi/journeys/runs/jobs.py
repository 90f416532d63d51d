"""Walking on: runs take their steps in batches, each step in a transaction of its own."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from guanxi.journeys.runs import operations
from guanxi.kernel.jobs import job
from guanxi.kernel.time import now

BATCH = 100
AGAIN = timedelta(seconds=5)


@job("journeys.advance_runs")
def advance_runs(runs: list[str]) -> None:
    """Let each of these runs go on until it waits or ends; where the database was lost, the rest is tried again."""
    owners = operations.Owners()
    for index, id in enumerate(runs):
        try:
            while operations.take_step(UUID(id), owners):
                pass
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            advance_runs.defer(runs=runs[index:], at=now() + AGAIN)
            return


def advance(runs: Sequence[UUID]) -> None:
    """Queue these runs to go on, a batch to a job."""
    calls = [{"runs": [str(id) for id in runs[i : i + BATCH]]} for i in range(0, len(runs), BATCH)]
    advance_runs.defer_many(calls)
