"""Reports about our mail as mail systems write them: what became of it, and whether the address is at fault."""

from guanxi.channels.wire.messages import State
from tests.channels.email.samples import encoded, mail, multipart

OURS = "<gx.0123@company.test>"
HEAD = f"Return-Path: <support@company.test>\r\nFrom: support@company.test\r\nMessage-ID: {OURS}\r\nSubject: Offer\r\n"
BOB = "bob@customers.test"
HARD, SOFT = (State.BOUNCED, True), (State.BOUNCED, False)
LATER = (State.DELAYED, False)


def standard(
    status: str, diagnostic: str = "", *, action: str = "failed", original: str = "message/rfc822",
    fields: str = "", recipient: str = f"rfc822; {BOB}", **headers: str,
) -> bytes:  # fmt: skip
    """RFC 3464, with the original whole, as headers only, or not at all."""
    about = f"Reporting-MTA: dns; mx.test\r\n{fields}\r\nFinal-Recipient: {recipient}\r\n"
    about += f"Action: {action}\r\nStatus: {status}\r\n"
    about += f"Diagnostic-Code: smtp; {diagnostic}\r\n" if diagnostic else ""
    parts = [
        ("Content-Type: text/plain; charset=utf-8", b"This is the mail system at host mx.test."),
        ("Content-Type: message/delivery-status", about.encode()),
    ]
    if original:
        parts.append((f"Content-Type: {original}", HEAD.encode() + b"\r\nHello"))
    named = {
        "From": "MAILER-DAEMON@mx.test",
        "Subject": "Undelivered Mail Returned to Sender",
        "Auto_Submitted": "auto-replied",
    }
    return multipart(*parts, kind="report; report-type=delivery-status", **named | headers)


def prose(
    text: str, *, subject: str, sender: str = "MAILER-DAEMON@mx.test", charset: str = "utf-8", **headers: str
) -> bytes:
    """A report in words only."""
    said = encoded(subject, charset) if not subject.isascii() else subject
    body = text.replace("\n", "\r\n").encode(charset)
    return mail(body, kind=f"text/plain; charset={charset}", From=sender, Subject=said, **headers)


COPY = f"\n------ This is a copy of the message, including all the headers. ------\n\n{HEAD}\nHello"
REPORTS: dict[str, tuple[bytes, tuple[State, bool], str]] = {
    "Postfix, no such user": (
        standard("5.1.1", "550 5.1.1 <bob@customers.test>: Recipient address rejected: User unknown"),
        HARD,
        "5.1.1",
    ),
    "Postfix, original as headers only": (
        standard("5.1.1", "550 5.1.1 unknown", original="text/rfc822-headers"),
        HARD,
        "5.1.1",
    ),
    "Postfix, no such domain": (
        standard("5.4.4", "Host or domain name not found", Subject="Undelivered Mail Returned to Sender"),
        HARD,
        "5.4.4",
    ),
    "Postfix, mailbox full": (standard("5.2.2", "552 5.2.2 mailbox full"), SOFT, "5.2.2"),
    "Postfix, mailbox full for now": (standard("4.2.2", "452 4.2.2 over quota"), SOFT, "4.2.2"),
    "Postfix, given up after days": (
        standard("4.4.1", "connect to mx.test[192.0.2.1]:25: Connection timed out"),
        SOFT,
        "4.4.1",
    ),
    "Postfix, still being tried": (
        standard("4.4.1", "timed out", action="delayed", Subject="Delayed Mail (still being retried)"),
        LATER,
        "4.4.1",
    ),
    "Postfix, delivered": (
        standard("2.0.0", "250 2.0.0 Ok", action="delivered", Subject="Successful Mail Delivery Report"),
        (State.DELIVERED, False),
        "2.0.0",
    ),
    "Sendmail, a code that says nothing": (
        standard("5.0.0", "550 <bob@customers.test>... User unknown"),
        HARD,
        "5.1.1",
    ),
    "Sendmail, a code that says nothing of a full mailbox": (standard("5.0.0", "552 Quota exceeded"), SOFT, "5.2.2"),
    "Exchange": (
        standard(
            "5.1.10",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
            Subject="Undeliverable: Offer",
            From="postmaster@customers.test",
        ),
        HARD,
        "5.1.10",
    ),
    "Exchange, the system itself": (
        standard(
            "5.1.1",
            "",
            From="MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customers.test",
            Subject=encoded("未送达: 报价", "utf-8"),
        ),
        HARD,
        "5.1.1",
    ),
    "Exchange, refused as unwanted": (
        standard("5.7.1", "550 5.7.1 Message rejected as spam by Content Filtering"),
        SOFT,
        "5.7.1",
    ),
    "Exchange, too large": (
        standard("5.2.3", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
        SOFT,
        "5.2.3",
    ),
    "Gmail, no such user": (
        standard(
            "5.1.1",
            "550-5.1.1 The email account that you tried to reach does not exist.",
            From="Mail Delivery Subsystem <mailer-daemon@mx.test>",
            Subject="Delivery Status Notification (Failure)",
            X_Failed_Recipients=BOB,
        ),
        HARD,
        "5.1.1",
    ),
    "Gmail, over quota": (
        standard(
            "5.2.2",
            "552-5.2.2 The email account that you tried to reach is over quota",
            Subject="Delivery Status Notification (Failure)",
        ),
        SOFT,
        "5.2.2",
    ),
    "Gmail, delay": (
        standard("4.4.1", "", action="delayed", Subject="Delivery Status Notification (Delay)"),
        LATER,
        "4.4.1",
    ),
    "no original, its id in the fields": (
        standard("5.1.1", "", original="", fields=f"Original-Message-ID: {OURS}\r\n"),
        HARD,
        "5.1.1",
    ),
    "an international report": (
        standard("5.1.1", "", original="message/global-headers").replace(
            b"message/delivery-status", b"message/global-delivery-status"
        ),
        HARD,
        "5.1.1",
    ),
    "Exim": (
        prose(
            "This message was created automatically by mail delivery software.\n\n"
            "A message that you sent could not be delivered to one or more of its\n"
            f"recipients. This is a permanent error. The following address(es) failed:\n\n  {BOB}\n"
            f"    Unrouteable address\n{COPY}",
            subject="Mail delivery failed: returning message to sender",
            X_Failed_Recipients=BOB,
        ),
        HARD,
        "5.1.1",
    ),
    "Exim, delayed": (
        prose(
            "This message was created automatically by mail delivery software.\n"
            "A message that you sent has not yet been delivered to one or more of its\n"
            f"recipients after more than 24 hours on the queue on mx.test.\n\n  {BOB}\n"
            f"    Delay reason: Connection timed out\n{COPY}",
            subject="Warning: message 1rXyZ-000001-AB delayed 24 hours",
        ),
        LATER,
        "",
    ),
    "Sendmail in words, delayed": (
        prose(
            "    **********************************************\n"
            "    **      THIS IS A WARNING MESSAGE ONLY      **\n"
            f" <{BOB}>... Deferred: Connection timed out\n"
            f"Warning: message still undelivered after 4 hours\n{COPY}",
            subject="Warning: could not send message for past 4 hours",
        ),
        LATER,
        "",
    ),
    "qmail": (
        prose(
            "Hi. This is the qmail-send program at mx.test.\n"
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
            f"<{BOB}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy of the message.\n\n{HEAD}\nHello",
            subject="failure notice",
            Return_Path="<>",
        ),
        HARD,
        "5.1.1",
    ),
    "qmail, mailbox full": (
        prose(
            f"Hi. This is the qmail-send program at mx.test.\n\n<{BOB}>:\n"
            "The users mailfolder is over the allowed quota (size). (#5.2.2)\n\n"
            f"--- Below this line is a copy of the message.\n\n{HEAD}\nHello",
            subject="failure notice",
            Return_Path="<>",
        ),
        SOFT,
        "5.2.2",
    ),
    "Notes": (
        prose(
            f"Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n  {BOB}\n\nbecause:\n\n"
            f"  User bob (bob@customers.test) not listed in Domino Directory\n{COPY}",
            subject="DELIVERY FAILURE: User bob not listed in Domino Directory",
        ),
        HARD,
        "5.1.1",
    ),
    "QQ": (
        prose(
            f"抱歉，您的邮件被退回来了……\n原邮件信息：\n收件人：{BOB}\n"
            f"退信原因：收件人邮件地址（{BOB}）不存在，邮件无法送达。\n"
            f"host mx.test said: 550 Mailbox not found\nMessage-ID: {OURS}\n",
            subject="系统退信",
            sender="PostMaster@qq.example",
            charset="gb18030",
        ),
        HARD,
        "5.1.1",
    ),
    "QQ, mailbox full": (
        prose(
            f"抱歉，您的邮件被退回来了……\n收件人：{BOB}\n"
            f"退信原因：收件人邮箱空间不足，无法接收邮件。\nMessage-ID: {OURS}\n",
            subject="来自收件方的退信",
            sender="PostMaster@qq.example",
            charset="gb18030",
        ),
        SOFT,
        "5.2.2",
    ),
    "163": (
        prose(
            f"您的邮件 Offer 在发送过程中未能送达以下收件人：\n{BOB}\n原因：用户不存在 User not found: {BOB}\n{COPY}",
            subject="系统退信/Systems bounce",
            sender="Postmaster@163.example",
            charset="gb18030",
        ),
        HARD,
        "5.1.1",
    ),
    "in Taiwan": (
        prose(f"您的郵件無法送達下列收件者：\n{BOB}\n原因：帳號不存在\n{COPY}", subject="郵件無法投遞", charset="big5"),
        HARD,
        "5.1.1",
    ),
}


def arf(*, fields: str = "", original: str = HEAD, kind: str = "message/rfc822", **headers: str) -> bytes:
    """RFC 5965, as providers write it: whole, with headers only, with the address or the id taken out."""
    about = f"Feedback-Type: abuse\r\nUser-Agent: Yes/1.0\r\nVersion: 1\r\n{fields}"
    return multipart(
        ("Content-Type: text/plain", b"This is an email abuse report."),
        ("Content-Type: message/feedback-report", about.encode()),
        (f"Content-Type: {kind}", original.encode() + b"\r\nHi"),
        kind="report; report-type=feedback-report", **{"From": "fbl@provider.test", "Subject": "FW: Offer"} | headers,
    )  # fmt: skip


MARK = "01234567890123456789012345678901"
COMPLAINTS: dict[str, tuple[bytes, str, str]] = {
    "whole": (arf(fields=f"Original-Rcpt-To: <{BOB}>\r\n"), OURS, BOB),
    "headers only": (arf(kind="text/rfc822-headers", fields=f"Original-Rcpt-To: {BOB}\r\n"), OURS, BOB),
    "address taken out": (arf(), OURS, ""),
    "id taken out": (
        arf(original=f"From: support@company.test\r\nX-Guanxi-Message: {MARK}\r\nTo: {BOB}\r\n"),
        f"<gx.{MARK}@company.test>",
        BOB,
    ),
}
