"""Where a request comes from is what a proxy says that is trusted, and nobody else."""

import asyncio

import pytest

from guanxi.app.server.serve import configuration


def place(*, client: str, said: list[str]) -> str:
    """The address that the program is told."""
    seen: dict[str, str] = {}

    async def root(scope, receive, send) -> None:
        seen["place"] = scope["client"][0]

    config = configuration(root)
    config.load()
    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    scope = {"type": "http", "client": (client, 4711), "scheme": "http", "headers": headers}
    asyncio.run(config.loaded_app(scope, None, None))
    return seen["place"]


@pytest.mark.parametrize(
    ("client", "said", "place_of_request"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("203.0.113.9", ["127.0.0.1"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
    ],
)
def test_a_stranger_does_not_choose_where_they_come_from(monkeypatch, client, said, place_of_request):
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    assert place(client=client, said=said) == place_of_request
