"""A mail as it came, however broken, into an `Incoming` that can be stored and shown."""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from guanxi.channels.email.mime import automatic, bounces, charsets, html, invitations, quoting, threads
from guanxi.channels.wire.messages import Address, Attachment, Automatic, DeliveryState, Incoming, State
from guanxi.lib.errors import Invalid

MAX_BYTES = 40 * 1024 * 1024
"""Largest mail in bytes that is read at all."""
MAX_TEXT = 200_000
"""Longest text in characters that is kept."""
MAX_PARTS = 200
MAX_DEPTH = 20
_MAX_BOUNDARIES = 400
_MAX_ATTACHMENTS = 50
_MAX_RECIPIENTS = 100
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_WORDS = re.compile(r"[^\W\d_][ \t]+[^\W\d_]")
"""What base64 never is, whatever the header says."""
_ADDRESS = re.compile(r"[^\s@<>\"',;:\x00-\x1f]{1,64}@[^\s@<>\"',;:\x00-\x1f]{1,253}")


@dataclass(frozen=True)
class Parsed:
    """A mail as a message and, where it is a report, what it reports."""

    message: Incoming
    reports: tuple[DeliveryState, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """Decoded headers by lower-case name, the first of each, for the reader who asks to see them."""


@dataclass
class _Found:
    """What was collected while walking through the parts."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    parts: int = 0

    def note(self, code: str) -> None:
        if code not in self.notes:
            self.notes.append(code)


def parse(raw: bytes) -> Parsed:
    """Read one mail; anything but size and emptiness is repaired and noted, never refused."""
    if not raw.strip():
        raise Invalid("mail.empty")
    if len(raw) > MAX_BYTES:
        raise Invalid("mail.too_large", bytes=len(raw), limit=MAX_BYTES)
    found = _Found()
    message = _structure(raw, found)
    _collect(message, found)
    headers = _headers(message)
    body = _body(found)
    sender = _first(message, "from") or _first(message, "sender")
    if sender is None:
        sender = Address(value="")
        found.note("no_sender")
    subject = headers.get("subject", "")[:500]
    reports = tuple(bounces.reports(message, body.text, sender=sender.value, subject=subject))
    verdict = automatic.judge(headers, sender=sender.value, subject=subject)
    recipients = _addresses(message, "to", "cc", "delivered-to", "x-original-to")
    incoming = Incoming(
        provider_id=(threads.ids(headers.get("message-id", ""))[:1] or ("",))[0],
        sender=sender,
        reply_to=_first(message, "reply-to"),
        recipients=recipients,
        copies=_addresses(message, "cc"),
        subject=subject,
        text=body.text,
        new_text=body.split.new,
        quoted_text=body.split.quoted,
        html=body.html,
        attachments=tuple(found.attachments),
        written_at=moment(headers.get("date", "")),
        answers=threads.answered(headers.get("references", ""), headers.get("in-reply-to", "")),
        token=threads.token_in((address.value for address in recipients), subject),
        automatic=_kind(verdict, reports),
        may_be_acknowledged=verdict.may_be_acknowledged and not reports,
        notes=tuple(found.notes),
    )
    return Parsed(incoming, reports, headers)


def _kind(verdict: automatic.Verdict, reports: tuple[DeliveryState, ...]) -> Automatic | None:
    if any(report.state is State.COMPLAINED for report in reports):
        return Automatic.COMPLAINT
    return Automatic.BOUNCE if reports else verdict.kind


def _structure(raw: bytes, found: _Found) -> Message:
    """The parsed parts; a mail nested to exhaust the parser is read as headers and plain text."""
    if len(re.findall(rb"boundary\s*+\*?\d*+\*?\s*+=", raw, re.IGNORECASE)) <= _MAX_BOUNDARIES:
        try:
            return BytesParser(policy=compat32).parsebytes(raw)
        except (RecursionError, MessageError, ValueError, LookupError, AttributeError, TypeError):
            pass
    found.note("structure_unreadable")
    message = BytesHeaderParser(policy=compat32).parsebytes(raw[: 1024 * 1024])
    del message["Content-Type"]
    del message["Content-Transfer-Encoding"]
    return message


def _collect(message: Message, found: _Found, depth: int = 0) -> None:
    found.parts += 1
    if found.parts > MAX_PARTS or depth > MAX_DEPTH:
        found.note("parts_left_out")
        return
    parts = _inner(message)
    kind = message.get_content_type()
    if kind == "message/rfc822" and depth:
        _keep(message, found, kind)
    elif kind == "multipart/alternative" and parts:
        _collect_alternative(parts, found, depth)
    elif message.is_multipart() and kind != "message/delivery-status":
        for part in parts:
            _collect(part, found, depth + 1)
    elif kind.startswith("multipart/"):
        _collect_undivided(message, found, depth)
    elif kind in ("text/plain", "text/html") and not _is_file(message):
        _keep_text(message, found, kind)
    elif kind == "message/delivery-status" or kind == "text/rfc822-headers":
        _keep_text(message, found, "text/plain")
    else:
        _keep(message, found, kind)


def _inner(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _collect_alternative(parts: list[Message], found: _Found, depth: int) -> None:
    """The same letter in several forms: one text and one HTML are kept, not all one after another."""
    inner = _Found(parts=found.parts)
    for part in parts:
        _collect(part, inner, depth + 1)
    found.parts = inner.parts
    found.texts.extend(inner.texts[:1] if not inner.htmls else inner.texts)
    found.htmls.extend(inner.htmls[-1:])
    found.attachments.extend(inner.attachments)
    found.events.extend(one for one in inner.events if one not in found.events)
    for code in inner.notes:
        found.note(code)


def _collect_undivided(message: Message, found: _Found, depth: int) -> None:
    """Parts whose boundary is missing or another than was said: divided where they seem to be, else one text."""
    found.note("structure_unreadable")
    payload = str(message.get_payload()).encode("utf-8", "surrogateescape")
    boundary = re.search(rb"^--([^\s\"-][^\r\n\"]{0,68}?)[ \t]*\r?$", payload, re.MULTILINE)
    if boundary:
        head = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n' % boundary[1]
        divided = _inner(BytesParser(policy=compat32).parsebytes(head + payload))
        for part in divided:
            _collect(part, found, depth + 1)
        if divided:
            return
    found.texts.append(charsets.decode(payload).text)


def _is_file(message: Message) -> bool:
    disposition = str(message.get("Content-Disposition") or "").split(";")[0].strip().lower()
    return disposition == "attachment" or bool(_file_name(message))


def _payload(message: Message, found: _Found) -> bytes:
    if str(message.get("Content-Transfer-Encoding") or "").strip().lower() == "base64":
        written = str(message.get_payload())
        if message.get_content_maintype() != "text" or not _WORDS.search(written):
            return _base64(written, found)
        found.note("part_damaged")
        return written.encode("utf-8", "surrogateescape")
    try:
        payload = message.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, AttributeError, TypeError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    found.note("part_unreadable")
    kept = message.get_payload()
    return kept.encode("utf-8", "surrogateescape") if isinstance(kept, str) else b""


def _base64(payload: str, found: _Found) -> bytes:
    """What can be read of base64, however it was cut or what was strewn in."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", payload)
    if len(kept) % 4 == 1 or re.search(r"[^A-Za-z0-9+/=\s]", payload):
        found.note("part_damaged")
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return b64decode(kept + "=" * (-len(kept) % 4))


def _keep_text(message: Message, found: _Found, kind: str) -> None:
    raw = _payload(message, found)
    if len(raw) > 4 * MAX_TEXT:
        raw = raw[: 4 * MAX_TEXT]
        found.note("text_cut")
    decoded = charsets.decode(raw, _charset_of(message) or (_html_charset(raw) if kind == "text/html" else None))
    if decoded.guessed:
        found.note("charset_guessed")
    if decoded.damaged:
        found.note("characters_lost")
    (found.htmls if kind == "text/html" else found.texts).append(decoded.text)


def _charset_of(message: Message) -> str | None:
    declared = message.get_param("charset")
    return declared[2] if isinstance(declared, tuple) else declared


def _html_charset(raw: bytes) -> str | None:
    match = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_\-]{2,30})", raw[:4000], re.IGNORECASE)
    return match[1].decode("ascii") if match else None


def _keep(message: Message, found: _Found, kind: str) -> None:
    if kind in _PACKED or _file_name(message).lower() == "winmail.dat":
        found.note("winmail_kept")
    if len(found.attachments) >= _MAX_ATTACHMENTS:
        found.note("attachments_left_out")
        return
    if kind == "message/rfc822":
        inner = _inner(message)
        content = b"\r\n\r\n".join(map(_as_bytes, inner)) if inner else _payload(message, found)
    else:
        content = _payload(message, found)
    if kind == "text/calendar":
        _keep_invitation(message, content, found)
    name = _file_name(message) or _default_name(kind, len(found.attachments) + 1)
    cid = charsets.one_line(str(message.get("Content-ID") or "")).strip("<> ")[:200]
    found.attachments.append(Attachment(name=name, media_type=kind[:100], content=content, content_id=cid))


def _keep_invitation(message: Message, content: bytes, found: _Found) -> None:
    """An invitation is told in words, too: once, however often the mail encloses it."""
    text = charsets.decode(content, _charset_of(message)).text
    said = message.get_param("method")
    found.note(invitations.note(said if isinstance(said, str) else invitations.method(text)))
    told = invitations.told(text)
    if told and told not in found.events:
        found.events.append(told)


def _as_bytes(part: Message) -> bytes:
    try:
        return part.as_bytes(policy=compat32)
    except (ValueError, LookupError, AttributeError, TypeError, KeyError, RecursionError):
        return b""


def _file_name(message: Message) -> str:
    """The name of a file: RFC 2231, encoded words where they do not belong, raw bytes; never a path."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = _readable(message, header).get_param(parameter)
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
        if isinstance(value, tuple):
            said = charsets.decode(value[2].encode("latin-1", "replace"), value[0]).text
        else:
            said = charsets.header(value) if value else ""
        name = safe_name(said)
        if name:
            return name
    return ""


def _readable(message: Message, header: str) -> Message:
    """One header alone, raw bytes in it decoded, as the content type, whose parameters can be read."""
    raw = _raw(message, header)
    alone: Message = Message(policy=compat32)
    alone["Content-Type"] = charsets.decode(raw.encode("utf-8", "surrogateescape")).text if not raw.isascii() else raw
    return alone


def safe_name(said: str) -> str:
    """A file name without path, control or direction-turning characters, at most 150 characters long."""
    last = re.split(r"[/\\]", charsets.one_line(said))[-1]
    plain = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:\"|?*]", "", last).strip(". ")
    if len(plain) <= 150:
        return plain
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[:140]}.{extension}" if dot and len(extension) <= 9 else plain[:150]


def _default_name(kind: str, number: int) -> str:
    extension = {
        "message/rfc822": "eml",
        "application/octet-stream": "bin",
        "text/calendar": "ics",
        "text/html": "html",
        "text/plain": "txt",
    }
    guess = extension.get(kind) or re.sub(r"[^a-z0-9]", "", kind.split("/")[-1])[:8] or "bin"
    return f"{number}.{guess}"


@dataclass(frozen=True)
class _Body:
    text: str
    html: str
    split: quoting.Split


def _body(found: _Found) -> _Body:
    cleaned = html.sanitise("<hr>".join(found.htmls)) if found.htmls else html.Clean("")
    if cleaned.blocked_images:
        found.note("images_blocked")
    if cleaned.reduced:
        found.note("html_reduced")
    text = "\n\n".join(part.strip("\n") for part in found.texts if part.strip())
    from_html = html.to_text(cleaned.html) if cleaned.html else ""
    if not text.strip() or (from_html and len(text.strip()) * 20 < len(from_html)):
        text = from_html
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        found.note("text_cut")
    split = quoting.split(text)
    if found.events:
        text = "\n\n".join([text.strip("\n"), *found.events])
        split = quoting.Split("\n\n".join([split.new, *found.events]).strip(), split.quoted)
    return _Body(text.strip("\n"), cleaned.html, split)


def _headers(message: Message) -> dict[str, str]:
    """The first of each header, decoded; a Message-ID and its like are left as they are."""
    headers: dict[str, str] = {}
    for name, value in list(message.raw_items())[:300]:
        headers.setdefault(str(name).lower()[:100], charsets.header(str(value)[:50_000]))
    return headers


def _addresses(message: Message, *names: str) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for name, value in message.raw_items():
        if name.lower() in names:
            for address in addresses(str(value)):
                found.setdefault(address.value, address)
    return tuple(found.values())[:_MAX_RECIPIENTS]


def addresses(raw: str) -> list[Address]:
    """The addresses of a raw header; encoded names are decoded after, so that a comma in a name splits nothing."""
    line = charsets.one_line(charsets.unescaped(raw[:20_000]))
    try:
        pairs = getaddresses([line])
    except (RecursionError, ValueError, IndexError, AttributeError, TypeError):
        return [Address(value=found.lower()) for found in _ADDRESS.findall(line)]
    found = []
    for name, value in pairs:
        plain = charsets.header(value).strip().strip("<>").lower()
        if _ADDRESS.fullmatch(plain):
            found.append(Address(value=plain, name=charsets.header(name)[:200]))
    return found


def _first(message: Message, name: str) -> Address | None:
    """The first address of a header; one that is not written as it should be is searched for."""
    found = _addresses(message, name)
    if found:
        return found[0]
    said = charsets.header(_raw(message, name)[:20_000])
    match = _ADDRESS.search(said)
    return Address(value=match[0].lower(), name=said[: match.start()].strip(' <"')[:200]) if match else None


def _raw(message: Message, name: str) -> str:
    return next((str(value) for header, value in message.raw_items() if header.lower() == name), "")


def moment(value: str) -> datetime | None:
    """The time of a Date header, in UTC; none where it cannot be read."""
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
