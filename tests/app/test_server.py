"""The one port under bad manners: slow senders, slow readers, sudden leavers, large bodies, lost databases."""

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import uvicorn
from django.db import connection

from guanxi.app.children import may_hear
from guanxi.app.server import body
from guanxi.app.server.bridge import FileWrapper
from guanxi.app.server.client import Client
from guanxi.app.server.live import CHANNEL
from guanxi.app.server.root import Root
from guanxi.app.server.serve import configuration
from guanxi.kernel.actor import Actor, Reach

MEGABYTE = 1 << 20


class Answer(list):
    """A plain WSGI answer, as Django's: known whole."""

    streaming = False


class Probe:
    """A WSGI application whose answers the tests choose, and which tells what it saw."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.produced = 0
        self.seen: dict[str, Any] = {}
        self.file: Path | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path == "/api/fails":
            raise RuntimeError("on purpose")
        start("200 OK", [("Content-Type", "text/plain")])
        if path == "/api/stream":
            return self._stream(int(environ["QUERY_STRING"]))
        if path == "/api/file":
            return FileWrapper(self.file.open("rb"))
        given = environ["wsgi.input"].read()
        self.seen = environ
        return Answer([f"{len(given)} {environ['CONTENT_LENGTH']}".encode()])

    def _stream(self, megabytes: int) -> Iterator[bytes]:
        try:
            for _ in range(megabytes):
                self.produced += 1
                yield b"x" * MEGABYTE
        finally:
            self.closed.set()


class Running:
    """The root on a real socket in a thread."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.server = uvicorn.Server(configuration(root))
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve([self.socket])))
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.root.end_streams()
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, str], bytes]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request(method, path, **more)
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def raw(self, text: str) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        opened.sendall(text.encode())
        return opened


def everything(opened: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: opened.recv(65536), b""))


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


def listening() -> dict[str, Any]:
    """The database of the test, for the hub."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters


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


# --- bodies --------------------------------------------------------------------------------------------------------


def test_a_body_arrives_whole_and_its_length_is_known(web):
    assert web.ask("POST", "/api/x", body=b"a" * 1_500_000)[2] == b"1500000 1500000"
    chunks = (b"a" * 1000 for _ in range(1200))
    assert web.ask("POST", "/api/x", body=chunks)[2] == b"1200000 1200000"


def test_a_declared_body_over_the_limit_is_refused_before_it_is_sent(web):
    with web.raw("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000000\r\n\r\n") as opened:
        said = everything(opened).decode()

    assert said.startswith("HTTP/1.1 413 ")
    assert json.loads(said.partition("\r\n\r\n")[2])["code"] == "request.too_large"


def test_the_server_itself_refuses_in_the_reader_s_language(web):
    asked = "POST /api/x HTTP/1.1\r\nHost: x\r\nAccept-Language: zh-TW,zh;q=0.9\r\nContent-Length: 3000000000\r\n\r\n"
    with web.raw(asked) as opened:
        said = everything(opened).decode()

    assert json.loads(said.partition("\r\n\r\n")[2])["message"] == "傳送的內容超出這裡允許的大小。"


def test_an_undeclared_body_is_refused_once_it_is_over_the_limit(web, monkeypatch):
    monkeypatch.setattr(body, "LIMITS", (body.Limit(body.LIMITS[-1].route, 1000, 5),))
    chunks = (b"a" * 600 for _ in range(2))
    assert web.ask("POST", "/api/x", body=chunks)[0] == 413


def test_imports_and_files_may_be_larger_than_other_requests():
    sizes = [body.limit_for(path).size for path in ("/api/imports", "/api/files/1", "/api/customers")]
    assert sizes == [1024 * MEGABYTE, 100 * MEGABYTE, 2 * MEGABYTE]


def test_a_body_that_does_not_come_is_given_up(web, monkeypatch):
    monkeypatch.setattr(body, "LIMITS", (body.Limit(body.LIMITS[-1].route, 1000, 0.2),))
    with web.raw("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc") as opened:
        assert everything(opened).startswith(b"HTTP/1.1 408 ")


def test_many_slow_senders_cost_no_thread(web):
    slow = [web.raw("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc") for _ in range(40)]
    began = time.monotonic()
    answers = [web.ask("GET", "/api/x")[0] for _ in range(20)]
    took = time.monotonic() - began
    for each in slow:
        each.close()

    assert answers == [200] * 20
    assert took < 5


def test_headers_with_an_underscore_cannot_pass_for_others(web, probe):
    web.raw("GET /api/x HTTP/1.1\r\nHost: x\r\nX_Guanxi: 1\r\nX-Other: a\r\nX-Other: b\r\n\r\n").recv(1000)

    assert "HTTP_X_GUANXI" not in probe.seen
    assert probe.seen["HTTP_X_OTHER"] == "a,b"


def test_an_address_in_chinese_reaches_the_application(web, probe):
    web.ask("GET", "/api/%E5%AE%A2%E6%88%B7")

    assert probe.seen["PATH_INFO"].encode("latin-1").decode() == "/api/客户"


# --- answers -------------------------------------------------------------------------------------------------------


def test_an_application_that_breaks_is_a_clear_500(web):
    status, _, said = web.ask("GET", "/api/fails")

    assert status == 500
    assert json.loads(said)["code"] == "server.failed"


def test_a_long_stream_arrives_whole(web, probe):
    assert len(web.ask("GET", "/api/stream?30")[2]) == 30 * MEGABYTE
    assert probe.closed.wait(5)


def test_slow_readers_of_long_streams_hold_no_thread(web, probe):
    slow = [web.raw("GET /api/stream?20 HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(12)]
    assert web.ask("GET", "/api/x")[0] == 200
    deadline = time.monotonic() + 10
    while probe.produced < 12 * 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    for each in slow:
        each.close()

    assert probe.produced == 12 * 20


def test_a_stream_stops_when_its_reader_goes(web, probe):
    with web.raw("GET /api/stream?5000 HTTP/1.1\r\nHost: x\r\n\r\n") as opened:
        opened.recv(1000)

    assert probe.closed.wait(10)
    assert probe.produced < 5000


def test_a_file_is_sent_from_disk(web, probe, tmp_path):
    probe.file = tmp_path / "large"
    probe.file.write_bytes(bytes(range(256)) * 20_000)

    assert web.ask("GET", "/api/file")[2] == probe.file.read_bytes()


# --- the client ----------------------------------------------------------------------------------------------------


def test_every_screen_is_the_page_with_a_nonce_of_its_own(web):
    status, headers, page = web.ask("GET", "/customers/42")
    nonce = page.decode().partition('content="')[2].partition('"')[0]

    assert status == 200
    assert len(nonce) >= 20
    assert page.decode().count(nonce) == 2
    assert f"script-src 'self' 'nonce-{nonce}'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert web.ask("GET", "/customers/42")[2] != page


def test_files_with_a_hash_are_kept_for_ever_and_sent_compressed(web):
    _, plain, text = web.ask("GET", "/assets/index-a1b2c3d4.js")
    _, small, brotli = web.ask("GET", "/assets/index-a1b2c3d4.js", headers={"Accept-Encoding": "gzip, br"})

    assert (text, brotli) == (b"plain", b"brotli")
    assert "immutable" in plain["cache-control"]
    assert small["content-encoding"] == "br"
    assert small["content-type"].startswith("text/javascript")
    assert web.ask("GET", "/assets/index-a1b2c3d4.js", headers={"If-None-Match": plain["etag"]})[0] == 304
    assert web.ask("GET", "/icon.svg")[1]["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/none.js", "/manifest.json", "/../settings.py", "/.built", "/index.html"])
def test_what_is_no_file_of_the_client_is_not_found(web, path):
    assert web.ask("GET", path)[0] == 404


def test_every_answer_protects_its_reader(web):
    for path in ("/", "/icon.svg", "/api/x", "/api/live", "/assets/none.js"):
        headers = web.ask("GET", path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_a_client_that_is_not_built_is_said(web, tmp_path):
    web.root._client = Client(tmp_path / "none")
    status, _, said = web.ask("GET", "/")

    assert status == 503
    assert b"make up" in said


# --- the live stream -----------------------------------------------------------------------------------------------


def stream(web: Running, topics: str = "") -> socket.socket:
    """An open stream, past its head."""
    opened = web.raw(f"GET /api/live HTTP/1.1\r\nHost: x\r\nX-Reader: {topics}\r\n\r\n")
    said = b""
    while b"retry:" not in said:
        said += opened.recv(1000)
    return opened


def announce(*topics: str) -> None:
    """Say that something changed, as another process would."""
    with psycopg.connect(**listening(), autocommit=True) as other:
        other.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topics": topics})])


def listeners() -> list[int]:
    """The processes of the database that serve a hub."""
    with psycopg.connect(**listening(), autocommit=True) as other:
        asked = (
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'guanxi live' AND datname = current_database()"
        )
        return [pid for (pid,) in other.execute(asked).fetchall()]


def wait_for_a_listener(*, other_than: list[int] = ()) -> list[int]:
    """Wait until the hub listens."""
    for _ in range(200):
        found = listeners()
        if found and found != other_than:
            return found
        time.sleep(0.05)
    raise AssertionError("the hub does not listen")


def test_a_stranger_gets_no_stream(web):
    status, _, said = web.ask("GET", "/api/live")

    assert status == 401
    assert json.loads(said)["code"] == "session.missing"


def test_readers_are_told_what_they_may_know_through_one_connection(web):
    assert len(wait_for_a_listener()) == 1
    one, other = stream(web, "customers"), stream(web, "service")
    many = [stream(web, "x") for _ in range(30)]

    announce("customers.customer", "service.ticket")

    assert b'event: changed\ndata: {"topics":["customers.customer"]}\n\n' in one.recv(1000)
    assert b'{"topics":["service.ticket"]}' in other.recv(1000)
    assert len(listeners()) == 1
    for each in (one, other, *many):
        each.close()
    deadline = time.monotonic() + 5
    while len(web.root.hub) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(web.root.hub) == 0


def test_after_the_database_was_away_everybody_looks_again(web):
    before = wait_for_a_listener()
    reader = stream(web, "customers")
    with psycopg.connect(**listening(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", before)
    wait_for_a_listener(other_than=before)

    assert b"event: resync\n" in reader.recv(1000)
    announce("customers.customer")
    assert b"event: changed\n" in reader.recv(1000)
    reader.close()


def test_nonsense_on_the_channel_harms_nobody(web):
    wait_for_a_listener()
    reader = stream(web, "customers")
    with psycopg.connect(**listening(), autocommit=True) as other:
        other.execute("SELECT pg_notify(%s, 'nonsense')", [CHANNEL])
    announce("customers.customer")

    assert b"event: changed\n" in reader.recv(1000)
    reader.close()


def test_open_streams_do_not_hold_up_the_end(web):
    readers = [stream(web, "x") for _ in range(20)]
    began = time.monotonic()
    web.stop()

    assert time.monotonic() - began < 3
    for each in readers:
        each.close()


@pytest.mark.parametrize(
    ("reach", "topic", "heard"),
    [
        (Reach.ALL, "customers.customer:1", True),
        (Reach.TEAM, "customers.customer:1", False),
        (Reach.TEAM, "customers.customer", True),
        (Reach.NONE, "customers.customer", False),
    ],
)
def test_ids_are_told_only_to_who_may_read_every_record_of_the_kind(reach, topic, heard):
    actor = Actor(kind="user", grants={"customers.customer.read": reach})

    assert may_hear(actor, topic) is heard


def test_a_screen_whose_name_has_dots_can_be_loaded_again(web):
    status, headers, _ = web.ask("GET", "/figures/service.complaint.first_reply")
    assert status == 200 and headers["content-type"].startswith("text/html")
