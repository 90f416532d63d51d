"""Bodies on their way in: slow, large, undeclared, from strangers."""

import json
import re
import time

import pytest

from guanxi.app.server import body, bridge
from tests.app.serving import MEGABYTE, everything


def test_a_body_arrives_whole_and_its_length_is_known(web):
    assert web.ask("POST", "/api/x", body=b"a" * 1_500_000)[2] == b"1500000 1500000"
    chunks = (b"a" * 1000 for _ in range(1200))
    assert web.ask("POST", "/api/x", body=chunks)[2] == b"1200000 1200000"


def test_a_declared_body_over_the_limit_is_refused_before_it_is_sent(web):
    with web.raw("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000000\r\n\r\n") as opened:
        said = everything(opened).decode()

    assert said.startswith("HTTP/1.1 413 ")
    assert json.loads(said.partition("\r\n\r\n")[2])["code"] == "request.too_large"


def test_who_has_begun_to_send_too_much_reads_why(web):
    status, _, said = web.ask("POST", "/api/x", body=b"a" * 30 * MEGABYTE)
    refusal = json.loads(said)
    assert (status, refusal["code"]) == (413, "request.too_large")
    assert re.search(r"At most \d+ MB", refusal["message"])


def test_the_server_itself_refuses_in_the_reader_s_language(web):
    asked = "POST /api/x HTTP/1.1\r\nHost: x\r\nAccept-Language: zh-TW,zh;q=0.9\r\nContent-Length: 3000000000\r\n\r\n"
    with web.raw(asked) as opened:
        said = everything(opened).decode()

    assert json.loads(said.partition("\r\n\r\n")[2])["message"].startswith("這裡最多接收 2 MB。")


def test_an_undeclared_body_is_refused_once_it_is_over_the_limit(web, monkeypatch):
    monkeypatch.setattr(body, "LIMITS", (body.Limit(body.LIMITS[-1].route, 1000, 5),))
    chunks = (b"a" * 600 for _ in range(2))
    assert web.ask("POST", "/api/x", body=chunks)[0] == 413


def test_imports_may_be_larger_than_other_requests():
    sizes = [body.limit_for(path).size for path in ("/api/imports", "/api/customers")]
    assert sizes == [1024 * MEGABYTE, 2 * MEGABYTE]


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


LARGE = f"POST /api/imports/upload HTTP/1.1\r\nHost: x\r\nContent-Length: {3 * MEGABYTE}\r\n"


@pytest.mark.parametrize("length", [f"Content-Length: {3 * MEGABYTE}", "Transfer-Encoding: chunked"])
def test_a_stranger_is_told_so_before_anything_large_is_kept(web, length):
    with web.raw(f"POST /api/imports/upload HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n") as opened:
        said = everything(opened).decode()
    assert said.startswith("HTTP/1.1 401 ")
    assert json.loads(said.partition("\r\n\r\n")[2])["code"] == "session.missing"


def test_who_may_not_know_of_imports_sends_no_more_than_anybody(web):
    assert web.ask("POST", "/api/imports/upload", body=b"a" * 1000, headers={"X-Reader": "service"})[0] == 200
    with web.raw(f"{LARGE}X-Reader: service\r\n\r\n") as opened:
        assert everything(opened).startswith(b"HTTP/1.1 413 ")


def test_who_may_sends_a_large_file(web):
    sent = web.ask("POST", "/api/imports/upload", body=b"a" * 3 * MEGABYTE, headers={"X-Reader": "workspace"})
    assert sent[2] == f"{3 * MEGABYTE} {3 * MEGABYTE}".encode()


def test_only_so_many_large_files_come_at_once(web, monkeypatch):
    monkeypatch.setattr(bridge, "LARGE_AT_ONCE", 2)
    coming = [web.raw(f"{LARGE}X-Reader: workspace\r\n\r\nabc") for _ in range(2)]
    time.sleep(0.3)
    status, _, said = web.ask(
        "POST", "/api/imports/upload", body=b"a" * 30 * MEGABYTE, headers={"X-Reader": "workspace"}
    )
    assert (status, json.loads(said)["code"]) == (503, "server.busy")
    for one in coming:
        one.close()
