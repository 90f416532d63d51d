"""An `Outgoing` as a mail that any server takes and no header can be smuggled into."""

import base64
import binascii
import re
import secrets
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from guanxi.channels.email.mime import charsets, threads
from guanxi.channels.email.mime.automatic import OWN_MARK
from guanxi.channels.wire.messages import Address, Outgoing
from guanxi.lib.errors import Invalid

# Long Message-IDs of others must not be broken by folding; 998 is what a server has to take.
_LINE = 500
_POLICIES = tuple(policy.clone(max_line_length=_LINE, cte_type="7bit") for policy in (SMTP, SMTPUTF8))
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_REFERENCES = 20
_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,430}[\x21-\x7e])?")


def compose(message: Outgoing, *, at: datetime) -> EmailMessage:
    """The mail for one recipient; the same message gives the same Message-ID at every attempt."""
    sender, recipient = address(message.sender), address(message.recipient)
    international = not (sender.username.isascii() and recipient.username.isascii())
    mail = EmailMessage(policy=_POLICIES[international])
    _say(mail, "From", sender)
    _say(mail, "To", address(message.shown_to) if message.shown_to else recipient)
    if message.copies:
        mail["Cc"] = [address(one) for one in message.copies]
    _say(mail, "Subject", charsets.one_line(message.subject)[:500])
    _say(mail, "Date", format_datetime(at))
    _say(mail, "Message-ID", threads.message_id(UUID(message.id), sender.domain))
    _say(mail, OWN_MARK, UUID(message.id).hex)
    if message.reply_to:
        mail["Reply-To"] = address(Address(value=message.reply_to, name=message.sender.name))
    _answering(mail, message)
    _unsubscribing(mail, message)
    _automatic(mail, message)
    _content(mail, message)
    return mail


def _say(mail: EmailMessage, name: str, value: str | HeaderAddress) -> None:
    """A header that needs neither encoding nor folding stands as it is: taking it apart first is most of the work."""
    plain = str(value)
    if _PLAIN.fullmatch(plain) and "=?" not in plain:
        mail.set_raw(name, plain)
    else:
        mail[name] = value


def as_bytes(mail: EmailMessage) -> bytes:
    """The mail as it travels: ASCII but for international headers, lines that end as a server wants them."""
    raw = _texts_alone(mail) or mail.as_bytes()
    return _LINE_END.sub(b"\r\n", raw if raw.endswith(b"\n") else raw + b"\r\n")


@lru_cache(maxsize=64)
def _folded(policy: "Policy[Any]", name: str, value: str) -> bytes:
    return policy.fold_binary(name, value)


def _texts_alone(part: EmailMessage) -> bytes:
    """What the standard library makes of a mail without files, in a fifth of the time; nothing of any other."""
    head = b"".join(
        f"{name}: {value}\r\n".encode() if type(value) is str else _folded(part.policy, name, value)
        for name, value in part.raw_items()
    )
    payload: Any = part.get_payload()
    if isinstance(payload, str):
        return head + b"\r\n" + payload.encode("ascii") if payload.isascii() else b""
    boundary = part.get_boundary()
    if part.get_content_type() != "multipart/alternative" or boundary is None:
        return b""
    parts = [_texts_alone(one) for one in payload]
    edge = f"--{boundary}".encode()
    return b"\r\n".join([head, *(edge + b"\r\n" + one for one in parts), edge + b"--\r\n"]) if all(parts) else b""


def provider_id(message: Outgoing) -> str:
    """The Message-ID a message has or will have."""
    return threads.message_id(UUID(message.id), address(message.sender).domain)


def address(given: Address) -> HeaderAddress:
    """An address fit for a header, its domain in ASCII form; anything else is refused."""
    local, at, domain = given.value.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Invalid("mail.address", address=given.value)
    return HeaderAddress(display_name=charsets.one_line(given.name)[:150], username=local, domain=ascii_domain(domain))


def ascii_domain(domain: str) -> str:
    """A domain in ASCII (公司.中国 → xn--55qx5d.xn--fiqs8s)."""
    try:
        plain = domain.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        raise Invalid("mail.address", address=domain) from None
    labels = plain.split(".")
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Invalid("mail.address", address=domain)
    return plain


def _answering(mail: EmailMessage, message: Outgoing) -> None:
    known = [one for answer in message.answers for one in threads.ids(answer) if one.isascii() and len(one) < 250]
    if known:
        mail["In-Reply-To"] = known[-1]
        kept = known if len(known) <= _REFERENCES else [known[0], *known[1 - _REFERENCES :]]
        mail["References"] = " ".join(kept)


def _unsubscribing(mail: EmailMessage, message: Outgoing) -> None:
    """RFC 8058: the mail program's own button, one request, no page in between."""
    ways = []
    if message.unsubscribe_url:
        if not re.fullmatch(r"https?://[^\s<>,]{1,1500}", message.unsubscribe_url):
            raise Invalid("mail.unsubscribe_url")
        ways.append(f"<{message.unsubscribe_url}>")
    if message.unsubscribe_address:
        ways.append(f"<mailto:{address(Address(value=message.unsubscribe_address)).addr_spec}?subject=unsubscribe>")
    if ways:
        _say(mail, "List-Unsubscribe", ", ".join(ways))
    if message.unsubscribe_url:
        _say(mail, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def _automatic(mail: EmailMessage, message: Outgoing) -> None:
    if message.automatic:
        mail["Auto-Submitted"] = "auto-replied" if message.answers else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"


def _content(mail: EmailMessage, message: Outgoing) -> None:
    text = charsets.clean(message.text).rstrip("\n") + "\n"
    mail.set_raw("MIME-Version", "1.0")
    if not message.html:
        _written(mail, "plain", text)
    else:
        html = charsets.clean(message.html).rstrip("\n") + "\n"
        boundary = _BOUNDARY
        while boundary in text or boundary in html:
            boundary = _boundary()
        mail.set_raw("Content-Type", _kind(f'multipart/alternative; boundary="{boundary}"'))
        parts = [MIMEPart(policy=mail.policy), MIMEPart(policy=mail.policy)]
        mail.set_payload([_written(parts[0], "plain", text), _written(parts[1], "html", html)])
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        if not re.fullmatch(r"[\w.+\-]{1,60}", main) or not re.fullmatch(r"[\w.+\-]{1,90}", sub) or main in _CONTAINERS:
            main, sub = "application", "octet-stream"
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=charsets.one_line(attachment.name))


_CONTAINERS = ("multipart", "message")


def _boundary() -> str:
    return f"=_{secrets.token_hex(16)}"


_BOUNDARY = _boundary()


@lru_cache(maxsize=8)
def _kind(value: str) -> Any:
    """What a part is, taken apart once: whoever makes bytes of a mail asks for it over and over."""
    return SMTP.header_store_parse("Content-Type", value)[1]


def _written(part: MIMEPart, kind: str, text: str) -> MIMEPart:
    """A text as part of a mail: as it is, or in the shorter of the two ways that any server takes."""
    raw = text.encode()
    encoding, body = "7bit", raw
    if not raw.isascii() or max(map(len, raw.splitlines())) > _LINE:
        quoted, base = binascii.b2a_qp(raw, istext=True), base64.encodebytes(raw.replace(b"\n", b"\r\n"))
        encoding, body = ("base64", base) if len(base) < len(quoted) else ("quoted-printable", quoted)
    part.set_raw("Content-Type", _kind(f'text/{kind}; charset="utf-8"'))
    part.set_raw("Content-Transfer-Encoding", encoding)
    part.set_payload(body.decode("ascii"))
    return part
