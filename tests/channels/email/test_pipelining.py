"""Asked for all at once (RFC 2920): what a server refuses in the middle of it, and one that ends the connection."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from guanxi.channels.email import lines
from guanxi.channels.email.hosts import Security, Server
from guanxi.channels.wire.messages import Outcome
from tests.channels.email.test_smtp import SENDER, compose

GREETING = b"220 here\r\n"
CAN = b"250-here\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"


@dataclass
class Script:
    """A server that says what it is told to say to a command of a recipient, and notes what it heard."""

    door: socket.socket
    answers: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    heard: list[list[bytes]] = field(default_factory=list)
    arrived: list[bytes] = field(default_factory=list)

    @property
    def server(self) -> Server:
        """How it is reached."""
        port = self.door.getsockname()[1]
        return Server(host="localhost", port=port, security=Security.NONE, user="", password="", timeout_seconds=5)

    def serve(self) -> None:
        """Connection after connection."""
        with suppress(OSError):
            while True:
                threading.Thread(target=self._talk, args=(self.door.accept()[0],), daemon=True).start()

    def _talk(self, here: socket.socket) -> None:
        own: list[bytes] = []
        self.heard.append(own)
        with here, here.makefile("rb") as said:
            here.sendall(GREETING)
            whom = b""
            for line in said:
                word = line.split()[0].upper()[:4]
                own.append(word)
                whom = line.strip() if word == b"RCPT" else whom
                named = next((a for (w, to), a in self.answers.items() if w == word and to in whom + line), None)
                here.sendall(named or {b"EHLO": CAN, b"DATA": b"354 go on\r\n"}.get(word, b"250 2.0.0 ok\r\n"))
                if word == b"DATA" and (named is None or named.startswith(b"354")):
                    text = []
                    while (part := said.readline()) not in (b".\r\n", b""):
                        text.append(part)
                    if part:
                        self.arrived += [whom] if text else []
                        here.sendall(b"250 2.0.0 taken\r\n" if text else b"554 5.5.1 for nobody\r\n")
                if word == b"QUIT" or (named or b"").startswith(b"421"):
                    return


@pytest.fixture
def script() -> Iterator[Script]:
    """A server that can take several commands at once."""
    lines.hang_up(idle_seconds=0)
    with socket.create_server(("127.0.0.1", 0)) as door:
        found = Script(door)
        threading.Thread(target=found.serve, daemon=True).start()
        yield found
        lines.hang_up(idle_seconds=0)


def send(script: Script, name: str, **given):
    to = f"{name}@customers.test"
    return lines.send(script.server, compose(to), sender=SENDER, recipient=to, **given)


@pytest.mark.parametrize("data", [b"354 go on\r\n", b"554 5.5.1 no valid recipients\r\n"])
def test_a_refusal_in_the_middle_is_known_and_does_not_spoil_the_next(script, data):
    script.answers = {
        (b"RCPT", b"bad"): b"550 5.1.1 unknown\r\n", (b"DATA", b"bad"): data,
        (b"RCPT", b"later"): b"450 4.2.1 grey\r\n", (b"DATA", b"later"): data,
        (b"RCPT", b"other"): b"251 will forward\r\n",
    }  # fmt: skip
    left = []
    found = [send(script, name, about_to_leave=lambda: left.append(1)) for name in ("a", "bad", "later", "other")]
    assert [(one.outcome, one.code) for one in found] == [
        (Outcome.SENT, "2.0.0"), (Outcome.REFUSED, "5.1.1"), (Outcome.DELAYED, "4.2.1"), (Outcome.SENT, "2.0.0"),
    ]  # fmt: skip
    assert len(left) == 2 and len(script.heard) == 1
    assert [b"a@" in script.arrived[0], b"other@" in script.arrived[1], len(script.arrived)] == [True, True, 2]


def test_a_server_that_has_enough_of_a_connection_gets_a_new_one(script):
    send(script, "a")
    script.answers = {(b"MAIL", b"a@"): b"421 4.7.0 enough for this connection\r\n"}
    assert send(script, "b").outcome is Outcome.SENT  # on the second one, of which nothing was known
    assert len(script.heard) == 2 and len(script.arrived) == 2


def test_a_server_that_wants_nobody_now_is_asked_again_later(script):
    script.answers = {(b"MAIL", b""): b"421 4.3.2 closing\r\n"}
    found = send(script, "a")
    assert (found.outcome, found.code, len(script.heard), script.arrived) == (Outcome.DELAYED, "4.3.2", 1, [])


def test_what_is_stopped_at_the_last_moment_holds_up_nobody(script):
    def stop() -> None:
        raise LookupError

    began = time.monotonic()
    with pytest.raises(LookupError):
        send(script, "a", about_to_leave=stop)
    assert time.monotonic() - began < 2 and script.arrived == []
    assert send(script, "b").outcome is Outcome.SENT and len(script.heard) == 2


def test_an_address_cannot_bring_a_command_along(script):
    with pytest.raises(ValueError, match="line"):
        lines.send(script.server, compose(), sender=SENDER, recipient=",\r\nRSET")
    assert script.arrived == []
