"""The door that a supervisor knocks at."""

import pytest
from django.db import connection, connections

from guanxi import __version__


@pytest.mark.django_db
def test_a_healthy_installation_says_so(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "version": __version__}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_struck_between_two_requests_is_noticed_by_the_next():
    """No request fails because PostgreSQL was started anew, or ended a connection that idled for long."""
    mine = connections["default"].copy()
    with mine.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (before,) = cursor.fetchone()
    asked = connections["default"].cursor()
    mine.close_if_unusable_or_obsolete()  # as between two requests
    mine.health_check_enabled, mine.health_check_done = True, False
    asked.execute("SELECT pg_terminate_backend(%s, 5000)", [before])

    with mine.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (after,) = cursor.fetchone()
    mine.close()

    assert after != before


@pytest.mark.django_db
def test_a_living_connection_is_not_asked(django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with django_assert_num_queries(0):
        assert connection.is_usable()
