"""A mail as it stands: what is kept of one that cannot be parsed, so that its writer is heard all the same."""

import re

from guanxi.channels.email.mime import automatic, charsets, parsing, quoting, threads
from guanxi.channels.email.mime.parsing import MAX_TEXT, Parsed
from guanxi.channels.wire.messages import Address, Attachment, Incoming

MAX_HEADERS = 256 * 1024
_HEADER = re.compile(r"^([!-9;-~]{1,80}):[ \t]*([^\n]{0,5000})", re.MULTILINE)


def read(raw: bytes) -> Parsed:
    """Who wrote when about what, the text as it came, and the whole mail as a file."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    headers = _headers(head[:MAX_HEADERS])
    text = charsets.decode(body[: 4 * MAX_TEXT]).text[:MAX_TEXT].strip("\n")
    sender = next(iter(parsing.addresses(headers.get("from", ""))), Address(value=""))
    subject = headers.get("subject", "")[:500]
    split = quoting.split(text)
    incoming = Incoming(
        provider_id=(threads.ids(headers.get("message-id", ""))[:1] or ("",))[0],
        sender=sender,
        recipients=(),
        subject=subject,
        text=text,
        new_text=split.new,
        quoted_text=split.quoted,
        html="",
        attachments=(Attachment(name="mail.eml", media_type="message/rfc822", content=raw),),
        written_at=parsing.moment(headers.get("date", "")),
        answers=threads.answered(headers.get("references", ""), headers.get("in-reply-to", "")),
        automatic=automatic.judge(headers, sender=sender.value, subject=subject).kind,
        may_be_acknowledged=False,
        notes=("kept_raw",),
    )
    return Parsed(incoming, headers=headers)


def _headers(head: bytes) -> dict[str, str]:
    """The first of each header, its folded lines joined, as readable as it can be made."""
    unfolded = re.sub(r"\n[ \t]+", " ", charsets.decode(head).text)
    headers: dict[str, str] = {}
    for name, value in _HEADER.findall(unfolded)[:300]:
        headers.setdefault(name.lower(), _said(value))
    return headers


def _said(value: str) -> str:
    try:
        return charsets.header(value)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return charsets.one_line(value)
