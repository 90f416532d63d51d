"""The SMTP server of the mail rig, a process of its own: takes mail for the rig's users into their Maildirs.

It does what real servers do to us on bad days: the file `faults.json` in its folder, read at every step, names a
recipient ("*" for all) and what shall happen: {"at": "rcpt"|"data"|"drop"|"lost", "code": 450, "text": "…", "times": 1,
"seconds": 0}. "drop" ends the connection before the mail is taken, "lost" takes it and ends the connection unanswered.
"""

import asyncio
import json
import os
import ssl
import sys
import time
from email.utils import formatdate, make_msgid
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HERE = Path(sys.argv[1])
RIG = json.loads((HERE / "rig.json").read_text())


def fault(recipient: str, at: tuple[str, ...]) -> dict | None:
    """The fault planned for a recipient at this step; each time it is used it is counted down."""
    place = HERE / "faults.json"
    faults = json.loads(place.read_text()) if place.exists() else {}
    for key in (recipient, "*"):
        planned = faults.get(key)
        if planned and planned["at"] in at and planned.get("times", 1) > 0:
            planned["times"] = planned.get("times", 1) - 1
            beside = place.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(faults))
            beside.replace(place)
            return planned
    return None


def owner(recipient: str) -> str | None:
    """The user whose Maildir takes mail for an address; a plus-part does not count."""
    local, _, domain = recipient.lower().rpartition("@")
    if domain in RIG["catch_all"]:
        return RIG["catch_all"][domain]
    user = f"{local.split('+')[0]}@{domain}"
    return user if user in RIG["users"] else None


def deliver(user: str, sender: str, recipient: str, content: bytes) -> None:
    """Write one mail into a Maildir, the way Maildirs are written: beside, then moved."""
    folder = HERE / "mail" / user / "Maildir"
    name = f"{time.time():.6f}.M{time.monotonic_ns()}P{os.getpid()}.rig"
    trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\nReceived: by rig; {formatdate()}\r\n"
    beside = folder / "tmp" / name
    beside.write_bytes(trace.encode() + content)
    if os.geteuid() == 0:
        os.chown(beside, RIG["uid"], RIG["gid"])
    beside.rename(folder / "new" / name)


def bounce(sender: str, recipient: str, content: bytes) -> None:
    """Send back what was taken but cannot be delivered, as RFC 3464 asks."""
    user = owner(sender)
    if user is None:
        return
    headers = content.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    boundary = "rig-bounce"
    report = (
        f"From: Mail Delivery System <mailer-daemon@rig.test>\r\nTo: {sender}\r\nAuto-Submitted: auto-replied\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: {make_msgid(domain='rig.test')}\r\n"
        f"Date: {formatdate()}\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\nContent-Type: text/plain\r\n\r\nYour mail to {recipient} could not be delivered.\r\n"
        f"--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; rig.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n\r\n--{boundary}--\r\n"
    )
    deliver(user, "", sender, report.encode())


class Handler:
    """Decides about recipients, takes the mail, keeps a list of everything taken."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        planned = fault(address, ("rcpt",))
        if planned:
            await asyncio.sleep(planned.get("seconds", 0))
            return f"{planned['code']} {planned.get('text', 'planned refusal')}"
        domain = address.rpartition("@")[2].lower()
        if owner(address) is None and domain not in RIG["bouncing"]:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        planned = fault(envelope.rcpt_tos[0], ("data", "drop", "lost"))
        if planned:
            await asyncio.sleep(planned.get("seconds", 0))
        if planned and planned["at"] == "data" and planned.get("code"):
            return f"{planned['code']} {planned.get('text', 'planned refusal')}"
        if planned and planned["at"] == "drop":
            return self.end(server)
        self.take(envelope)
        return self.end(server) if planned and planned["at"] == "lost" else "250 2.0.0 taken"

    def end(self, server: SMTP) -> str:
        server.transport.abort()
        return "421 gone"

    def take(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            user = owner(recipient)
            if user is None:
                bounce(envelope.mail_from or "", recipient, content)
            else:
                deliver(user, envelope.mail_from or "", recipient, content)
            self.note(envelope, recipient, content)

    def note(self, envelope: Envelope, recipient: str, content: bytes) -> None:
        lines = content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace").splitlines()
        found = next((line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("message-id:")), "")
        with (HERE / "taken.jsonl").open("a") as taken:
            taken.write(
                json.dumps({"from": envelope.mail_from, "to": recipient, "id": found, "at": time.time()}) + "\n"
            )


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    """Users sign in with the rig's password."""
    good = (
        isinstance(data, LoginPassword)
        and data.login.decode() in RIG["users"]
        and data.password.decode() == RIG["password"]
    )
    return AuthResult(success=good, handled=False)


def server(context: ssl.SSLContext | None, *, tls: bool) -> SMTP:
    """One session's protocol."""
    return SMTP(
        Handler(),
        hostname="rig.test",
        data_size_limit=50 * 1024 * 1024,
        tls_context=None if tls else context,
        authenticator=authenticate,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
        ident="rig",
    )


async def main() -> None:
    """Serve on the two ports of the rig until ended; stop when the parent is gone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "certificate.pem", HERE / "key.pem")
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: server(context, tls=False), "127.0.0.1", RIG["smtp"])
    await loop.create_server(lambda: server(context, tls=True), "127.0.0.1", RIG["smtps"], ssl=context)
    (HERE / "smtp.ready").touch()
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main())
