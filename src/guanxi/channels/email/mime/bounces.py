"""Reports about mail we sent: it could not be delivered, it waits, or somebody called it spam."""

import re
from collections.abc import Iterable
from email import message_from_string
from email.message import Message
from email.utils import parseaddr
from uuid import UUID

from guanxi.channels.email.mime import charsets, threads
from guanxi.channels.email.mime.automatic import OWN_MARK
from guanxi.channels.wire.messages import DeliveryState, State

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45])(\d\d)[\s\-:,]")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-=]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}")
_FAILURE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|has failed|failure)|failure notice|mail delivery (?:failed|system)"
    r"|returned mail|returned to sender|mail delivery problem|delivery incomplete|could not be delivered"
    r"|message .{1,40} delayed|could not send message|delayed mail|delivery delayed|退信|退回|延迟投递|延遲投遞"
    r"|投递失败|投遞失敗|无法投递|無法投遞|无法送达|無法送達|未送达|未送達|無法傳遞|未傳遞|寄送失敗|发送失败",
    re.IGNORECASE,
)
_DELAY = re.compile(r"delay|will retry|still being retried|warning|延迟|延遲|稍后重试", re.IGNORECASE)
# What is said of the message, the sender or the moment, and not of the address.
_NOT_OF_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.4.6", "5.4.7", "5.6.", "5.7.")
_NAMED_FULL = re.compile(
    r"(mailbox|account|inbox|mail box|quota).{0,40}(is full|full|exceeded|over quota|out of storage)|over ?quota"
    r"|quota exceeded|邮箱.{0,12}(?:已满|满了|空间不足|容量不足)|(?:信箱|郵箱).{0,12}(?:已滿|空間不足|容量不足)"
    r"|(?:超过|超出)邮箱容量",
    re.IGNORECASE,
)
_NAMED_FAILURES = re.compile(
    r"(user|account|mailbox|recipient|address).{0,40}(unknown|not exist|not found|unavailable|disabled|rejected"
    r"|not listed)|unknown (?:user|recipient|address)|no (?:such (?:user|recipient|mailbox)|mailbox here)"
    r"|unrouteable address|does not exist|收件人(?:邮件)?地址.{0,10}(?:不存在|错误)"
    r"|(?:用户|用戶|帳號|信箱|账号|邮箱|郵箱|收件人|收件者).{0,6}(?:不存在|未找到|找不到)",
    re.IGNORECASE,
)


def reports(message: Message, text: str, *, sender: str, subject: str) -> list[DeliveryState]:
    """What a mail reports about our mail; nothing when it is no report."""
    kind = (
        str(message.get_param("report-type") or "").lower() if message.get_content_type() == "multipart/report" else ""
    )
    parts, enclosed = list(_parts(message)), list(_parts(message, whole=False))
    if kind == "feedback-report" or any(part.get_content_type() == "message/feedback-report" for part in enclosed):
        return [_complaint(parts)]
    standard = [part for part in enclosed if part.get_content_type() in _STATUS_TYPES]
    if standard:
        return [state for part in standard for state in _standard(part, _original_id(parts))]
    if _is_from_a_mail_system(message, sender) and _FAILURE_SUBJECT.search(subject):
        return _free_form(message, parts, text)
    return []


_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")


def _parts(message: Message, depth: int = 0, *, whole: bool = True) -> Iterable[Message]:
    """The parts of a mail; not whole, without those of a mail inside: who sends a report on reports nothing."""
    yield message
    kind = message.get_content_type()
    if message.is_multipart() and depth < 8 and kind not in _STATUS_TYPES and (whole or kind != "message/rfc822"):
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, depth + 1, whole=whole)


def _standard(part: Message, original_id: str) -> list[DeliveryState]:
    """RFC 3464: one group of fields per recipient, the first group is about the whole message."""
    payload = part.get_payload()
    groups = [group for group in payload if isinstance(group, Message)] if isinstance(payload, list) else []
    if len(groups) == 1 and isinstance(groups[0].get_payload(), str):
        groups += _groups(str(groups[0].get_payload()))
    if not groups:
        return []
    envelope = _value(groups[0], "original-message-id") or _value(groups[0], "x-original-message-id")
    found = (threads.ids(envelope)[:1] or (original_id,))[0]
    states = (_recipient(group, found) for group in groups[:50])
    return [state for state in states if state is not None]


def _groups(text: str) -> list[Message]:
    """The further groups of a report whose type the parser takes for one mail (RFC 6533)."""
    return [message_from_string(group) for group in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())[:51]]


def _recipient(group: Message, original_id: str) -> DeliveryState | None:
    recipient = _address(_value(group, "original-recipient")) or _address(_value(group, "final-recipient"))
    action = _value(group, "action").split()[0].lower() if _value(group, "action").strip() else ""
    state = {
        "failed": State.BOUNCED,
        "delayed": State.DELAYED,
        "delivered": State.DELIVERED,
        "expanded": State.DELIVERED,
    }
    if not recipient or action not in (*state, "relayed"):
        return None
    diagnostic = _value(group, "diagnostic-code")
    code = _code(_value(group, "status")) or _code(diagnostic)
    if code.endswith(".0.0"):
        code = _said(_code(diagnostic) or code, diagnostic)
    return DeliveryState(
        state=state.get(action, State.DELIVERED),
        message_id=original_id,
        recipient=recipient,
        permanent=action == "failed" and _permanent(code),
        code=code,
        detail=charsets.one_line(diagnostic)[:500],
    )


def _complaint(parts: list[Message]) -> DeliveryState:
    """RFC 5965: the recipient pressed "this is spam"."""
    fields = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    values = _fields(fields) if fields is not None else {}
    original = next((part for part in parts[1:] if part.get("From")), None)
    recipient = _address(values.get("original-rcpt-to", "")) or (_address(_value(original, "to")) if original else "")
    return DeliveryState(
        state=State.COMPLAINED,
        message_id=_original_id(parts) or _marked_id(original),
        recipient=recipient,
        permanent=True,
        code=values.get("feedback-type", "abuse")[:50].lower(),
    )


def _marked_id(original: Message | None) -> str:
    """The id of a mail of ours by our own mark, where a provider has taken the Message-ID out."""
    mark = _value(original, OWN_MARK.lower()).strip() if original is not None else ""
    domain = _address(_value(original, "from")).rpartition("@")[2] if original is not None else ""
    return threads.message_id(UUID(mark), domain) if re.fullmatch(r"[0-9a-f]{32}", mark) and domain else ""


def _fields(part: Message) -> dict[str, str]:
    """The "Name: value" lines of a report part, however the parser nested them."""
    payload = part.get_payload()
    holders = [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []
    found = {name.lower(): charsets.header(str(value)) for holder in holders for name, value in holder.raw_items()}
    body = payload if isinstance(payload, str) else "".join(str(holder.get_payload()) for holder in holders)
    for line in body.splitlines()[:100]:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _free_form(message: Message, parts: list[Message], text: str) -> list[DeliveryState]:
    """Bounces in prose, as qmail, Exim, QQ and 163 write them."""
    head = text[:5000]
    named = _value(message, "x-failed-recipients")
    recipients = _ADDRESS.findall(named) or [match for match in _ADDRESS.findall(head) if not _is_system(match)]
    if not recipients:
        return []
    code = _said(_code(head), head)
    delayed = bool(_DELAY.search(charsets.header(_value(message, "subject")))) and not code.startswith("5")
    return [
        DeliveryState(
            state=State.DELAYED if delayed else State.BOUNCED,
            message_id=_original_id(parts) or _id_in(text) or _answered(message),
            recipient=recipients[0].lower(),
            permanent=_permanent(code) and not delayed,
            code=code,
            detail=charsets.one_line(head)[:500],
        )
    ]


def _original_id(parts: list[Message]) -> str:
    """The Message-ID of the mail a report encloses, whole or as headers."""
    for part in parts[1:]:
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            payload = part.get_payload(decode=True)
            raw = payload.decode("latin-1") if isinstance(payload, bytes) else str(part.get_payload())
            found = _id_in(raw)
        else:
            found = (
                next(iter(threads.ids(_value(part, "message-id"))), "")
                if part.get("Received") or part.get("From")
                else ""
            )
        if found:
            return found
    return ""


def _answered(message: Message) -> str:
    return next(iter(threads.answered(_value(message, "references"), _value(message, "in-reply-to"))), "")


def _id_in(text: str) -> str:
    match = re.search(r"^[>\s]*message-id:\s*(<[^<>\s]{1,500}>)", text[:100_000], re.IGNORECASE | re.MULTILINE)
    return match[1] if match else ""


def _is_from_a_mail_system(message: Message, sender: str) -> bool:
    return (
        _is_system(sender)
        or _value(message, "return-path").strip() == "<>"
        or bool(_value(message, "x-failed-recipients"))
    )


def _is_system(address: str) -> bool:
    return address.lower().startswith(
        ("mailer-daemon", "postmaster", "mail-daemon", "mailsystem", "mdaemon", "microsoftexchange")
    )


def _value(message: Message, name: str) -> str:
    for header, value in message.raw_items():
        if header.lower() == name:
            return charsets.header(str(value))
    return ""


def _address(field: str) -> str:
    """The address of "rfc822; name@host" or of an ordinary address header."""
    value = field.split(";", 1)[-1].strip()
    return parseaddr(value)[1].lower() if "@" in value else ""


def _code(text: str) -> str:
    status = _STATUS.search(text)
    if status:
        return status[0]
    plain = _REPLY_CODE.search(text + " ")
    return f"{plain[1]}.0.0" if plain else ""


def _said(code: str, text: str) -> str:
    """The code that words stand for, where a server gave none or one that says nothing."""
    if code and not code.endswith(".0.0"):
        return code
    if _NAMED_FULL.search(text):
        return "4.2.2" if code.startswith("4") else "5.2.2"
    return "5.1.1" if not code.startswith("4") and _NAMED_FAILURES.search(text) else code


def _permanent(code: str) -> bool:
    """Whether nothing arrives at the address any more."""
    return code.startswith("5") and not code.startswith(_NOT_OF_THE_ADDRESS)
