"""The address around a pooler is used where a session has to last."""

import pytest
from django.db import connection, connections

from guanxi.kernel import direct


@pytest.fixture
def around(settings, monkeypatch):
    """A direct address that differs from the one of the pooler by its name only."""
    ours = connections["default"].settings_dict
    settings.DIRECT_DATABASE = {"NAME": "around", "HOST": ours["HOST"], "OPTIONS": {"application_name": "direct"}}


def test_without_a_pooler_it_is_the_one_address():
    assert direct.parameters()["dbname"] == connection.settings_dict["NAME"]


def test_what_listens_goes_around_the_pooler(around):
    given = direct.parameters()
    assert (given["dbname"], given["application_name"]) == ("around", "direct")
    assert not {"cursor_factory", "context", "prepare_threshold"} & set(given)


def test_statements_go_around_it_within_the_block_only(around):
    before = connections["default"].settings_dict
    with direct.directly():
        assert connection.settings_dict["NAME"] == "around"
        assert connection.get_connection_params()["application_name"] == "direct"
    assert connections["default"].settings_dict is before
