"""Who sends or reads slowly, or without an end, is given up; everybody else is answered in the usual time."""

import json
import socket
import time
from collections.abc import Callable

import pytest

from guanxi.app.server import body, connection
from tests.app.serving import MEGABYTE, everything

MANY = 60
BEGUN = "GET /api/x HTTP/1.1\r\nHost: x\r\n"


def usual(web) -> float:
    """Seconds of ten answers, the slowest of them."""
    took = []
    for _ in range(10):
        began = time.monotonic()
        assert web.ask("GET", "/api/x")[0] == 200
        took.append(time.monotonic() - began)
    return max(took)


@pytest.fixture
def impatient(monkeypatch):
    """The same bounds, sooner reached."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(connection, "STUCK_SECONDS", 0.5)


def test_a_head_that_does_not_come_is_given_up(web, impatient):
    with web.raw(BEGUN) as opened:
        said = everything(opened).decode()
    assert said.startswith("HTTP/1.1 408 ")
    assert json.loads(said.partition("\r\n\r\n")[2])["code"] == "request.too_slow"


@pytest.mark.parametrize("piece", [b"X: y\r\n", b"\r\n"])
def test_a_byte_now_and_then_buys_no_time(web, impatient, piece):
    with web.raw("GET /api/x HTTP/1.1\r\n" if piece != b"\r\n" else "\r\n") as opened:
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - began < 5:
                opened.sendall(piece)
                time.sleep(0.05)
    assert time.monotonic() - began < 2


def test_a_connection_that_says_nothing_is_closed_without_a_word(web, impatient):
    with web.raw("") as opened:
        assert everything(opened) == b""


def test_after_an_answer_the_next_head_is_bounded_as_the_first(web, impatient):
    with web.raw(f"{BEGUN}\r\n") as opened:
        assert opened.recv(65536).startswith(b"HTTP/1.1 200 ")
        opened.sendall(BEGUN.encode())
        assert b"HTTP/1.1 408 " in everything(opened)


def test_a_head_without_an_end_is_refused(web):
    with web.raw(BEGUN) as opened:
        sent = 0
        with pytest.raises(OSError):
            while sent < 8 * MEGABYTE:
                opened.sendall(b"X-More: " + b"y" * 8000)
                sent += 8008
    assert sent < 4 * MEGABYTE  # what stands in the buffers of both sides


def test_an_ordinary_large_head_passes_and_one_beyond_the_bound_is_told_so(web):
    assert web.ask("GET", "/api/x", headers={"X-More": "y" * 30_000})[0] == 200
    with web.raw(f"{BEGUN}X-More: {'y' * (connection.LARGEST_HEAD + 300_000)}") as opened:
        told = opened.recv(65536)
    assert told == b"" or (told.startswith(b"HTTP/1.1 431 ") and b"request.head_too_large" in told)


def test_who_takes_nothing_of_an_answer_is_given_up(web, probe, impatient):
    with web.raw("GET /api/stream?64 HTTP/1.1\r\nHost: x\r\n\r\n") as opened:
        assert probe.closed.wait(10)
        time.sleep(2)
        opened.settimeout(5)
        got = 0
        with pytest.raises(OSError):
            while piece := opened.recv(1 << 20):
                got += len(piece)
            raise ConnectionError("ended")
    assert got < 64 * MEGABYTE


def test_a_slow_reader_who_takes_a_little_gets_all(web, impatient):
    with web.raw("GET /api/stream?3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        got = 0
        while piece := opened.recv(64 << 10):
            got += len(piece)
            time.sleep(0.02)
    assert got > 3 * MEGABYTE


def heads(web) -> list[socket.socket]:
    return [web.raw(BEGUN) for _ in range(MANY)]


def bodies(web) -> list[socket.socket]:
    return [web.raw(f"POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: {MEGABYTE}\r\n\r\na") for _ in range(MANY)]


def streams(web) -> list[socket.socket]:
    return [web.raw("GET /api/live HTTP/1.1\r\nHost: x\r\nX-Reader: service\r\n\r\n") for _ in range(MANY)]


def answers(web) -> list[socket.socket]:
    return [web.raw("GET /api/stream?6 HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(MANY // 3)]


@pytest.mark.parametrize("slow", [heads, bodies, streams, answers])
def test_others_are_answered_as_always(web, slow: Callable[..., list[socket.socket]]):
    alone = usual(web)
    opened = slow(web)
    time.sleep(0.5)
    beside = usual(web)
    for one in opened:
        one.close()
    assert beside < 10 * alone + 0.5, (alone, beside)


def test_a_body_for_which_there_is_no_room_is_refused_before_it_comes(web, monkeypatch):
    monkeypatch.setattr(body, "_room_for", lambda _: False)
    large = f"POST /api/imports/upload HTTP/1.1\r\nHost: x\r\nX-Reader: workspace\r\nContent-Length: {3 * MEGABYTE}"
    with web.raw(f"{large}\r\n\r\n") as opened:
        said = everything(opened).decode()
    assert said.startswith("HTTP/1.1 503 ")
    assert "retry-after: 2" in said.lower()
    assert json.loads(said.partition("\r\n\r\n")[2])["code"] == "server.no_room"


def test_a_disk_that_fills_while_a_body_comes_is_said(web, monkeypatch):
    def full(*_given, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(body.tempfile, "TemporaryFile", full)
    status, _, said = web.ask("POST", "/api/x", body=b"a" * 1_500_000)
    assert (status, json.loads(said)["code"]) == (503, "server.no_room")
