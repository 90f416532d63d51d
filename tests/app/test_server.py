"""The one port under bad manners: slow senders, slow readers, sudden leavers, large bodies, lost databases."""

import json
import socket
import time

import psycopg
import pytest

from guanxi.app.children import may_hear
from guanxi.app.server import live
from guanxi.app.server.client import Client
from guanxi.app.server.live import CHANNEL
from guanxi.kernel.actor import Actor, Reach
from tests.app.serving import MEGABYTE, Running, listening

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


def test_who_is_told_much_is_asked_for_their_sign_in_as_often_as_anybody(web, monkeypatch):
    """A session that has ended would hear of everything for as long as the house is busy."""
    monkeypatch.setattr(live, "HEARTBEAT", 0.1)
    wait_for_a_listener()
    reader = stream(web, "customers")

    async def nobody(_scope):
        return None

    monkeypatch.setattr(web.root.hub, "_admit", nobody)
    ended, deadline = False, time.monotonic() + 5
    while not ended and time.monotonic() < deadline:
        announce("customers.customer")
        ended = reader.recv(10_000).endswith(b"0\r\n\r\n")
    reader.close()
    assert ended


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
