"""What ships arrives once and leaves alone what people made their own."""

import pytest

from guanxi.app import starter
from guanxi.kernel.writes import change
from guanxi.workspace.roles.models import Role
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing():
    starter.load()
    with nothing_changes():
        starter.load()


def test_a_role_that_somebody_changed_stays_theirs():
    starter.load()
    owner, seller = make.actor("owner"), Role.objects.get(key="seller")
    with change(Role, seller.pk, by=owner, using="workspace.role.put") as role:
        role.name = "Verkauf"
    starter.load()
    assert Role.objects.get(key="seller").name == "Verkauf"
