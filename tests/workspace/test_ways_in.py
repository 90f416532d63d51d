"""How people come to the password they sign in with: what is said beforehand, and the link by which they choose it."""

import pytest

from guanxi.workspace.users.operations import SHORTEST_PASSWORD
from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db


def test_how_long_a_password_has_to_be_is_said_beforehand():
    assert Api().get("start")["shortest_password"] == SHORTEST_PASSWORD
    asked = Api(make.user("owner")).get("meta")["operations"]["workspace.user.set_password"]["input"]["properties"]
    assert asked["password"]["minLength"] == SHORTEST_PASSWORD
