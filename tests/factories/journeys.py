"""Journeys and the ways through them."""

from itertools import count
from typing import Any

from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.operations import create_journey
from guanxi.journeys.runs.models import Run
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.models import new_id
from guanxi.kernel.writes import create

_numbers = count(1)
ADD = {"operation": {"name": "workspace.todo.add", "input": {"subject": "Look"}}}


def journey(by: Actor = SYSTEM, **values: Any) -> Journey:
    """A draft for people who work here with one step; it begins only by a call."""
    given = {"name": f"Journey {next(_numbers)}", "record": "workspace.user", "start": {}, "steps": [ADD]}
    return create_journey(by, **{**given, **values})


def run(**values: Any) -> Run:
    """A way through a draft."""
    given = {"journey": values.pop("journey", None) or journey(), "subject_id": new_id(), "start_key": "once"}
    return create(SYSTEM, Run, **{**given, **values})
