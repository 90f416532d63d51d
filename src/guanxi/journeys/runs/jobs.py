"""Walking on: runs take their steps in batches: those that stand alike together, others each in its own transaction."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from guanxi.journeys.runs import operations, queries
from guanxi.kernel.jobs import job
from guanxi.kernel.time import now
from guanxi.lib.errors import Problem

log = logging.getLogger(__name__)
BATCH = 100
AGAIN = timedelta(seconds=5)


@job("journeys.advance_runs")
def advance_runs(runs: list[str]) -> None:
    """Let each of these runs go on until it waits or ends; where the database was lost, the rest is tried again."""
    owners, all_of_them = operations.Owners(), [UUID(one) for one in runs]
    left = set(all_of_them)
    for index, id in enumerate(all_of_them):
        try:
            if index == 0 and len(runs) > 1:
                _together(all_of_them, owners)
                left = queries.going(all_of_them)
            while id in left and operations.take_step(id, owners):
                pass
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            advance_runs.defer(runs=runs[index:], at=now() + AGAIN)
            return


def _together(runs: Sequence[UUID], owners: operations.Owners) -> None:
    """What stands in the way of all is met again by the one it concerns, alone, and told there."""
    try:
        operations.take_together(runs, owners)
    except (OperationalError, InterfaceError):
        raise
    except Problem:
        log.info("A step of %s runs is taken one by one", len(runs))
    except Exception:
        log.exception("A step could not be taken for %s runs together", len(runs))


def advance(runs: Sequence[UUID]) -> None:
    """Queue these runs to go on, a batch to a job."""
    calls = [{"runs": [str(id) for id in runs[i : i + BATCH]]} for i in range(0, len(runs), BATCH)]
    advance_runs.defer_many(calls)
