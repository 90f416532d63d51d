"""Who owns the journeys of the tests, and when they run."""

import pytest

from guanxi.kernel.time import frozen
from tests.factories import workspace as make
from tests.journeys.meetings import AT


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def owner():
    return make.actor("owner")
