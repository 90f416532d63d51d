"""Mail as it really comes: hostile, broken, mislabelled."""

from base64 import b64encode

ZH = "您好，我们上周的订单还没有收到，请问什么时候发货？谢谢"
TW = "您好，我們上週的訂單還沒有收到，請問什麼時候出貨？謝謝"
JP = "お世話になっております。注文の件でご連絡いたしました。"
KO = "안녕하세요 주문 문의드립니다 감사합니다"
DE = "Grüße aus Köln, die Lieferung fehlt noch – bitte prüfen"


def mail(body: bytes = b"Hello", *headers: str, kind: str = "text/plain; charset=utf-8", **named: str) -> bytes:
    """One mail with the usual headers; named ones (underscores for hyphens) replace or add."""
    lines = {
        "From": "Alice <alice@customers.test>", "To": "support@company.test", "Subject": "Order",
        "Date": "Mon, 05 Jan 2026 10:00:00 +0800", "Message-ID": "<a1@customers.test>",
        "MIME-Version": "1.0", "Content-Type": kind,
    }  # fmt: skip
    lines |= {name.replace("_", "-"): value for name, value in named.items()}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value) + "".join(
        f"{h}\r\n" for h in headers
    )
    return text.encode("utf-8") + b"\r\n" + body


def multipart(*parts: tuple[str, bytes], kind: str = "mixed", boundary: str = "b1", **named: str) -> bytes:
    """A mail of several parts, each given as its headers and its body."""
    body = b"".join(
        b"--" + boundary.encode() + b"\r\n" + head.encode("utf-8") + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    )
    return mail(body + b"--" + boundary.encode() + b"--\r\n", kind=f'multipart/{kind}; boundary="{boundary}"', **named)


def encoded(text: str, charset: str, label: str | None = None) -> str:
    """An encoded word of a header, labelled as wished."""
    return f"=?{label or charset}?B?{b64encode(text.encode(charset)).decode()}?="


def dsn(
    *, action: str = "failed", status: str = "5.1.1", recipient: str = "bob@customers.test",
    original: str = "<gx.0123@company.test>", diagnostic: str = "smtp; 550 5.1.1 no such user",
) -> bytes:  # fmt: skip
    """A delivery report as RFC 3464 asks."""
    fields = (
        f"Reporting-MTA: dns; mx.test\r\n\r\nOriginal-Recipient: rfc822;{recipient}\r\n"
        f"Final-Recipient: rfc822;{recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n"
    )
    return multipart(
        ("Content-Type: text/plain", b"Your message could not be delivered."),
        ("Content-Type: message/delivery-status", fields.encode()),
        ("Content-Type: text/rfc822-headers", f"From: support@company.test\r\nMessage-ID: {original}\r\n".encode()),
        kind="report; report-type=delivery-status",
        From="Mail Delivery System <MAILER-DAEMON@mx.test>", Subject="Undelivered Mail Returned to Sender",
        Message_ID="<d1@mx.test>", Auto_Submitted="auto-replied",
    )  # fmt: skip


def arf(original: str = "<gx.0123@company.test>", recipient: str = "bob@customers.test") -> bytes:
    """A complaint: the recipient called it spam (RFC 5965)."""
    fields = f"Feedback-Type: abuse\r\nUser-Agent: Yes/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: <{recipient}>\r\n"
    return multipart(
        ("Content-Type: text/plain", b"This is an email abuse report."),
        ("Content-Type: message/feedback-report", fields.encode()),
        ("Content-Type: message/rfc822", f"From: support@company.test\r\nMessage-ID: {original}\r\n\r\nHi".encode()),
        kind="report; report-type=feedback-report", From="fbl@provider.test", Subject="FW: Offer",
    )  # fmt: skip


def qq_bounce() -> bytes:
    """A bounce in prose, as QQ writes it: no report, the reason in Chinese, GB18030."""
    text = (
        "抱歉，您的邮件被退回来了……\n原邮件信息：\n收件人：nobody123@qq.example\n退信原因：收件人邮件地址（nobody123@qq.example）不存在，"
        "邮件无法送达。\nhost mx.qq.example said: 550 Mailbox not found\nMessage-ID: <gx.0123@company.test>\n"
    )
    return mail(
        text.encode("gb18030"), kind="text/plain; charset=gb18030",
        From="PostMaster@qq.example", Subject=encoded("系统退信", "gb18030"), Message_ID="<q1@qq.example>",
    )  # fmt: skip


def qmail_bounce() -> bytes:
    """A bounce in prose, as qmail writes it."""
    text = (
        "Hi. This is the qmail-send program at mx.test.\r\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\r\n\r\n<bob@customers.test>:\r\n192.0.2.1 does not like recipient.\r\n"
        "Remote host said: 550 5.1.1 unknown user\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        "Return-Path: <support@company.test>\r\nMessage-ID: <gx.0123@company.test>\r\nSubject: Offer\r\n"
    )
    return mail(text.encode(), From="MAILER-DAEMON@mx.test", Subject="failure notice", Return_Path="<>")
