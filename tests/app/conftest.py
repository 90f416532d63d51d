"""The one port, serving, for the tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guanxi.app.server.client import Client
from guanxi.app.server.root import Root
from tests.app.serving import Probe, Running, listening


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built client of three files."""
    folder = tmp_path / "client"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<meta content="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>')
    (folder / "assets" / "index-a1b2c3d4.js").write_text("plain")
    (folder / "assets" / "index-a1b2c3d4.js.br").write_bytes(b"brotli")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "manifest.json").write_text("{}")
    return folder


@pytest.fixture
def probe() -> Probe:
    """The application behind the bridge."""
    return Probe()


@pytest.fixture
def web(built: Path, probe: Probe, django_db_setup: None, django_db_blocker: Any) -> Iterator[Running]:
    """The root, serving; whoever sends the header `X-Reader` may hold a stream of what begins with its value."""

    def admit(environ: dict[str, Any]) -> Callable[[str], bool] | None:
        start = environ.get("HTTP_X_READER")
        return (lambda topic: topic.startswith(start)) if start else None

    with django_db_blocker.unblock():
        running = Running(Root(wsgi=probe, client=Client(built), database=listening, admit=admit, secure=False))
        yield running
        running.stop()
