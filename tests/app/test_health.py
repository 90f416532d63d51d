"""The door that a supervisor knocks at."""

import pytest

from guanxi import __version__


@pytest.mark.django_db
def test_a_healthy_installation_says_so(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "version": __version__}
