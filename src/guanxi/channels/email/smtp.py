"""Handing mail to an SMTP server, and knowing exactly how far it came."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from guanxi.channels.email.hosts import Check, Security, Server, explain, is_own_network, reach, tls_context
from guanxi.channels.email.mime import composing
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.lib.errors import Problem, Unavailable

_WITHOUT_ENHANCED = {552: "5.3.4", 452: "4.3.1"}
"""What servers that tell no enhanced status say of a mail that is too large for them, now or ever."""
_NOT_NOW = (421, 451, 454)
"""What a server answers to a sign-in when it is its own trouble and passes."""
_CLOSING, _TAKEN, _WAITS = 421, (250, 251), (354,)
_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")


@contextmanager
def connected(server: Server, *, allowed: Check = is_own_network) -> Iterator["Session"]:
    """A signed-in connection for one or many messages; problems are named so that a person can act."""
    smtp = reach(server, allowed, _connect)
    try:
        _sign_in(smtp, server)
        yield Session(smtp)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _connect(server: Server, address: str) -> smtplib.SMTP:
    try:
        if server.security is Security.TLS:
            return _ready(
                smtplib.SMTP_SSL(timeout=server.timeout_seconds, context=tls_context(server)), server, address
            )
        smtp = _ready(smtplib.SMTP(timeout=server.timeout_seconds), server, address)
        if server.security is Security.STARTTLS:
            _start_tls(smtp, server)
        return smtp
    except (OSError, smtplib.SMTPException) as error:
        raise explain(error, server) from error


def _ready(smtp: smtplib.SMTP, server: Server, address: str) -> smtplib.SMTP:
    try:
        code, said = smtp.connect(address, server.port)
        if code != 220:
            raise Unavailable("mailbox.not_ready", host=server.host, said=_text(said))
        # The dot goes after the text by itself: held back until the text is acknowledged it would cost 40 ms a letter.
        if smtp.sock:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _start_tls(smtp: smtplib.SMTP, server: Server) -> None:
    try:
        smtp.starttls(context=tls_context(server))
        smtp.ehlo()
    except smtplib.SMTPNotSupportedError:
        smtp.close()
        raise Unavailable("mailbox.no_starttls", host=server.host, port=server.port) from None
    except BaseException:
        smtp.close()
        raise


def _sign_in(smtp: smtplib.SMTP, server: Server) -> None:
    if not server.user:
        return
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code in _NOT_NOW:
            raise Unavailable("mailbox.not_now", host=server.host) from None
        raise Unavailable("mailbox.refused_password", user=server.user, said=_text(error.smtp_error)) from None
    except smtplib.SMTPNotSupportedError:
        raise Unavailable("mailbox.no_sign_in", host=server.host, port=server.port) from None
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        raise explain(error, server) from error


class Gone(Exception):
    """The connection ended, or the server wants it to, before anything of the letter had left."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.detail)
        self.receipt = receipt


class Session:
    """An open connection that sends one message after another."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    @property
    def is_lost(self) -> bool:
        """Whether the connection was closed, by whomever."""
        return self._smtp.sock is None

    def send(
        self, mail: EmailMessage, *, sender: str, recipient: str, about_to_leave: Callable[[], None] = lambda: None
    ) -> Receipt:
        """Send one mail to one recipient; `about_to_leave` runs when the server said yes and no text has left yet."""
        found = str(mail["Message-ID"])
        body = re.sub(rb"(?m)^\.", b"..", composing.as_bytes(mail))  # a line with a dot alone would end the mail
        try:
            refused = self._envelope(len(body), sender, recipient)
        except (smtplib.SMTPException, OSError) as error:
            self._smtp.close()
            gone = Receipt(outcome=Outcome.DELAYED, provider_id=found, code="4.4.2", detail=str(error)[:300])
            raise Gone(gone) from error
        if refused is not None:
            if refused[0] == _CLOSING:
                self._smtp.close()
                raise Gone(_classified(*refused, found))
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.rset()
            return _classified(*refused, found)
        try:
            about_to_leave()
        except BaseException:
            self._smtp.close()  # the server waits for a text that does not come
            raise
        return self._data(body, found)

    def _envelope(self, size: int, sender: str, recipient: str) -> tuple[int, bytes] | None:
        """MAIL, RCPT and DATA; the first refusal, or None when the server waits for the text."""
        options = [f"SIZE={size}"] if self._smtp.has_extn("size") else []
        if 0 < self._largest() < size:
            return 552, b"5.3.4 the mail is larger than the server takes"
        if not (sender.isascii() and recipient.isascii()):
            if not self._smtp.has_extn("smtputf8"):
                return 553, b"5.6.7 the server does not take international addresses"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        if self._smtp.has_extn("pipelining"):
            return self._asked_at_once(options, sender, recipient)
        steps: tuple[tuple[Callable[[], tuple[int, bytes]], tuple[int, ...]], ...] = (
            (lambda: self._smtp.mail(sender, options), _TAKEN),
            (lambda: self._smtp.rcpt(recipient), _TAKEN),
            (lambda: self._smtp.docmd("DATA"), _WAITS),
        )
        for step, good in steps:
            code, said = step()
            if code not in good:
                return code, said
        return None

    def _asked_at_once(self, options: list[str], sender: str, recipient: str) -> tuple[int, bytes] | None:
        """The three in one go, for servers that say they can (RFC 2920): one way there and back instead of three."""
        given = " ".join([f"FROM:{smtplib.quoteaddr(sender)}", *options])
        asked = [f"MAIL {given}", f"RCPT TO:{smtplib.quoteaddr(recipient)}", "DATA", ""]
        if any("\r" in line or "\n" in line for line in asked):
            raise ValueError("a line within an address")
        self._smtp.send("\r\n".join(asked).encode())
        refused, code = None, 0
        for good in (_TAKEN, _TAKEN, _WAITS):
            code, said = self._smtp.getreply()
            if refused is None and code not in good:
                refused = code, said
            if code == _CLOSING:
                return refused
        if refused and code in _WAITS:  # for a text, without taking it for anybody
            self._smtp.send(b".\r\n")
            self._smtp.getreply()
        return refused

    def _largest(self) -> int:
        """How many bytes the server says it takes; nothing where it does not say."""
        told = self._smtp.esmtp_features.get("size", "").strip()
        return int(told) if told.isdecimal() else 0

    def _data(self, body: bytes, found: str) -> Receipt:
        """The text, then the dot that makes it theirs; from the dot on only an answer gives certainty."""
        try:
            self._smtp.send(body)
        except (smtplib.SMTPException, OSError) as error:
            self._smtp.close()
            return Receipt(outcome=Outcome.DELAYED, provider_id=found, code="4.4.2", detail=str(error)[:300])
        try:
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._smtp.close()
            return Receipt(
                outcome=Outcome.UNCERTAIN, provider_id=found, code="lost_after_data", detail=str(error)[:300]
            )
        return _classified(code, said, found)


def _classified(code: int, said: bytes, found: str) -> Receipt:
    """An SMTP answer as an outcome; the enhanced status, where given, is the code."""
    text = _text(said)
    enhanced = _ENHANCED.match(text)
    status = enhanced[1] if enhanced else _WITHOUT_ENHANCED.get(code, f"{code // 100}.0.0")
    if 200 <= code < 300:
        outcome = Outcome.SENT
    elif 500 <= code < 600 and not status.startswith("4"):
        outcome = Outcome.REFUSED
    else:
        outcome = Outcome.DELAYED
    return Receipt(outcome=outcome, provider_id=found, code=status, detail=text[:500])


def _text(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said).replace("\n", " ")[:500]


def test(server: Server, *, allowed: Check = is_own_network) -> None:
    """Connect, sign in and leave; raises the problem there is."""
    try:
        with connected(server, allowed=allowed):
            pass
    except Problem:
        raise
    except (OSError, smtplib.SMTPException) as error:
        raise explain(error, server) from error
