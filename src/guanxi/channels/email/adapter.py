"""E-mail as a channel: what the gate hands over leaves by SMTP."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from guanxi.channels.conversations import attachments
from guanxi.channels.email import lines, operations, queries
from guanxi.channels.email.keys import conversation_keys
from guanxi.channels.email.mime import composing, html, parsing, threads
from guanxi.channels.email.models import Mailbox
from guanxi.channels.wire.channel import install
from guanxi.channels.wire.messages import Address, Attempt, DeliveryState, Incoming, Outcome, Outgoing, Receipt
from guanxi.kernel.time import now
from guanxi.lib.errors import Invalid, Problem


class Sender:
    """A mailbox that mails leave from; what is wrong with it is noted there and raised."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._server, self._allowed = queries.smtp_server(mailbox), operations.allowed()

    def send(self, message: Outgoing, attempt: Attempt) -> Receipt:
        """Hand one mail to the mailbox's server."""
        outgoing = _from(self._mailbox, message)
        try:
            mail = composing.compose(outgoing, at=now())
        except Invalid as problem:
            return Receipt(outcome=Outcome.REFUSED, provider_id="", code=problem.code, detail=str(problem))
        try:
            return lines.send(
                self._server,
                mail,
                sender=composing.address(outgoing.sender).addr_spec,
                recipient=composing.address(outgoing.recipient).addr_spec,
                about_to_leave=attempt.about_to_leave,
                allowed=self._allowed,
            )
        except Problem as problem:
            operations.fails(self._mailbox.pk, problem.code)
            raise


class Email:
    """Mail through the company's own mailboxes."""

    kind: ClassVar[str] = "email"

    def account(self, id: str) -> Sender:
        """The mailbox a mail leaves from: the one its conversation belongs to, else the primary one."""
        return Sender(queries.sending(id))

    def read(self, payload: bytes, headers: Mapping[str, str]) -> list[Incoming | DeliveryState]:  # noqa: ARG002
        """A mail as a message and what it reports; mailboxes are read by IMAP, where the sign-in is the proof."""
        parsed = parsing.parse(payload)
        return [parsed.message, *parsed.reports]


def _from(mailbox: Mailbox, message: Outgoing) -> Outgoing:
    """The message with what only the mailbox knows: who it is from, and a second form for those who read HTML."""
    sender = Address(value=mailbox.address, name=message.sender.name or mailbox.sender_name or mailbox.name)
    reply_to = message.reply_to
    if mailbox.plus_addressing and message.conversation:
        mark = threads.token(UUID(message.conversation), conversation_keys()[0])
        reply_to = threads.with_token(mailbox.address, mark)
    shown = message.html or html.from_text(message.text, links=True)
    files = attachments.of_message(UUID(message.id)) if message.files else ()
    return replace(message, sender=sender, reply_to=reply_to, html=shown, attachments=files)


install(Email())
