"""Questions about mailboxes."""

from uuid import UUID

from guanxi.channels.email.hosts import Security, Server
from guanxi.channels.email.models import Mailbox
from guanxi.kernel.secrets import unseal
from guanxi.lib.errors import Unavailable

TIMEOUT_SECONDS = 20.0


def active() -> list[Mailbox]:
    """The mailboxes that are read, in the order of their addresses."""
    return list(Mailbox.objects.filter(archived_at=None).exclude(secret="").order_by("address"))


def sending(account: str) -> Mailbox:
    """The mailbox a message leaves from: the one it belongs to, else the primary one, else the only one."""
    boxes = active()
    if account:
        boxes = [box for box in boxes if box.pk == UUID(account)] or boxes
    boxes = [box for box in boxes if box.primary] or boxes if len(boxes) > 1 else boxes
    if not boxes:
        raise Unavailable("mailbox.none")
    return boxes[0]


def domains() -> set[str]:
    """The domains our own Message-IDs may have; a mailbox that is archived is still known by them."""
    return {address.rpartition("@")[2] for address in Mailbox.objects.values_list("address", flat=True)}


def addresses() -> set[str]:
    """The addresses that are ours."""
    return set(Mailbox.objects.values_list("address", flat=True))


def imap_server(mailbox: Mailbox) -> Server:
    """Where and how a mailbox is read."""
    return _server(mailbox, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security)


def smtp_server(mailbox: Mailbox) -> Server:
    """Where and how a mailbox sends."""
    return _server(mailbox, mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)


def _server(mailbox: Mailbox, host: str, port: int, security: str) -> Server:
    return Server(
        host=host, port=port, security=Security(security), user=mailbox.user, password=unseal(mailbox.secret),
        timeout_seconds=TIMEOUT_SECONDS, authorities=mailbox.authorities,
    )  # fmt: skip
