"""What holds for every operation, present and future."""

from dataclasses import replace

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.operations import Operation, operations
from guanxi.lib.errors import Forbidden
from tests.unchanged import nothing_changes

PEOPLES = [pytest.param(one, id=one.name) for one in operations().values() if one.human_only]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", PEOPLES)
@pytest.mark.parametrize("kind", ["journey", "customer"])
def test_what_is_for_people_only_is_done_by_nobody_else(operation: Operation, kind):
    with nothing_changes(), pytest.raises(Forbidden, match="operation.human_only"):
        operation.function(replace(SYSTEM, kind=kind))
