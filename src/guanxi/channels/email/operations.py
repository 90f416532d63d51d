"""The verbs of mailboxes: connect, test, connect anew, read the past."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from guanxi.channels.email import hosts, imap, queries, smtp
from guanxi.channels.email.mime import composing
from guanxi.channels.email.models import Mailbox
from guanxi.channels.signatures.rules import require_sound
from guanxi.channels.wire.messages import Address
from guanxi.events.channels import BackfillWanted, MailboxConnected, MailboxFailed, MailboxRecovered
from guanxi.kernel.access import get
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.events import emit
from guanxi.kernel.live import touch
from guanxi.kernel.operations import operation
from guanxi.kernel.secrets import seal
from guanxi.kernel.settings import setting
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid

OWN_NETWORK = setting("channels.email.own_network_allowed", default=True)
BACKFILL_DAYS = setting("channels.email.backfill_days", default=90, least=0, most=3650)
LEASE = timedelta(minutes=1)
"""How long nobody else reads a mailbox after a sign of life of its reader: after a crash mail waits no longer."""
LEFT_BEHIND = "mailbox.mail_not_taken"
"""The problem of a mailbox in which a mail lies that could not be taken in."""
Security = Literal["tls", "starttls", "none"]


@operation("channels.mailbox.connect", human_only="takes a password")
def connect(
    actor: Actor,
    *,
    name: str,
    address: str,
    password: str,
    imap_host: str,
    smtp_host: str,
    user: str = "",
    acknowledges: bool = False,
    sender_name: str = "",
    imap_port: int = 993,
    imap_security: Security = "tls",
    smtp_port: int = 465,
    smtp_security: Security = "tls",
    authorities: str = "",
    folder: str = "INBOX",
    sent_folder: str = "",
    team: UUID | None = None,
) -> Mailbox:
    """Connect a mailbox: from now on what comes in is read, and what we write leaves from it."""
    plain = composing.address(Address(value=address)).addr_spec.lower()
    if not password:
        raise Invalid("mailbox.needs_password")
    mailbox = create(
        actor, Mailbox, using="channels.mailbox.connect", name=name.strip() or plain, address=plain,
        sender_name=sender_name.strip(), primary=not Mailbox.objects.filter(primary=True, archived_at=None).exists(),
        imap_host=_host(imap_host), imap_port=imap_port, imap_security=imap_security, smtp_host=_host(smtp_host),
        smtp_port=smtp_port, smtp_security=smtp_security, user=user.strip() or plain, secret=seal(password),
        authorities=authorities, folder=folder, sent_folder=sent_folder, team_id=team, owner_id=None,
        acknowledges=acknowledges,
    )  # fmt: skip
    emit(actor, MailboxConnected(mailbox_id=mailbox.pk))
    return mailbox


def _host(host: str) -> str:
    """A host name as it is looked up; an address with a scheme or a path is none."""
    plain = host.strip().rstrip(".").lower()
    if not plain or len(plain) > 253 or any(character in plain for character in " /\\@:?#\t\r\n\x00"):
        raise Invalid("mailbox.no_host", host=host)
    return plain


@operation("channels.mailbox.reconnect", human_only="takes a password")
def reconnect(
    actor: Actor,
    mailbox_id: UUID,
    *,
    password: str,
    user: str | None = None,
    imap_host: str | None = None,
    imap_port: int | None = None,
    imap_security: Security | None = None,
    smtp_host: str | None = None,
    smtp_port: int | None = None,
    smtp_security: Security | None = None,
    authorities: str | None = None,
) -> Mailbox:
    """Give a mailbox the password it now has, and say where it moved; what is not said stays.

    Where a mailbox is moves only together with its password: a kept one is never handed to another server.
    """
    if not password:
        raise Invalid("mailbox.needs_password")
    said = {
        "user": user, "imap_host": imap_host and _host(imap_host), "imap_port": imap_port,
        "imap_security": imap_security, "smtp_host": smtp_host and _host(smtp_host), "smtp_port": smtp_port,
        "smtp_security": smtp_security, "authorities": authorities,
    }  # fmt: skip
    with change(Mailbox, mailbox_id, by=actor, using="channels.mailbox.reconnect") as mailbox:
        mailbox.secret = seal(password)
        for name, value in said.items():
            if value is not None:
                setattr(mailbox, name, value)
    return mailbox


@operation("channels.mailbox.test")
def test(actor: Actor, mailbox_id: UUID) -> dict[str, Any]:
    """Try both connections now and say what is wrong."""
    mailbox = get(actor, Mailbox, mailbox_id, using="channels.mailbox.test")
    imap.test(queries.imap_server(mailbox), mailbox.folder, allowed=allowed())
    smtp.test(queries.smtp_server(mailbox), allowed=allowed())
    works(mailbox.pk, looked_at=True)
    return {"ok": True}


@operation("channels.mailbox.sign")
def sign(actor: Actor, mailbox_id: UUID, *, signature: str) -> Mailbox:
    """Say what stands under what leaves from a mailbox, where whoever writes has no signature of their own."""
    plain = require_sound(signature)
    with change(Mailbox, mailbox_id, by=actor, using="channels.mailbox.sign") as mailbox:
        mailbox.signature = plain
    return mailbox


@operation("channels.mailbox.make_primary")
def make_primary(actor: Actor, mailbox_id: UUID) -> Mailbox:
    """Let what belongs to no mailbox leave from this one."""
    using = "channels.mailbox.make_primary"
    for other in Mailbox.objects.filter(primary=True).exclude(pk=mailbox_id).values_list("pk", flat=True):
        with change(Mailbox, other, by=actor, using=using) as before:
            before.primary = False
    with change(Mailbox, mailbox_id, by=actor, using=using) as mailbox:
        mailbox.primary = True
    return mailbox


@operation("channels.mailbox.read_past")
def read_past(actor: Actor, mailbox_id: UUID) -> Mailbox:
    """Read what came in the last 90 days, without writing to anybody, to show how it was answered."""
    with change(Mailbox, mailbox_id, by=actor, using="channels.mailbox.read_past") as mailbox:
        if mailbox.validity is None:
            raise Conflict("mailbox.not_read_yet")
        mailbox.emit(BackfillWanted(mailbox_id=mailbox_id, since=now() - timedelta(days=int(BACKFILL_DAYS.get()))))
    return mailbox


def allowed() -> hosts.Check:
    """Where mailboxes may connect to, as the company decided."""
    return hosts.is_own_network if OWN_NETWORK.get() else hosts.is_public


def lease(mailbox_id: UUID) -> bool:
    """Take the right to read a mailbox for a while; one reader at a time, a dead one loses it."""
    moment = now()
    free = Mailbox.objects.filter(pk=mailbox_id).exclude(leased_until__gt=moment)
    return free.update(leased_until=moment + LEASE) == 1


def release(mailbox_id: UUID) -> None:
    """Give the right to read back."""
    Mailbox.objects.filter(pk=mailbox_id).update(leased_until=None)


def note_place(mailbox_id: UUID, place: imap.Place) -> None:
    """Remember how far a mailbox has been read, and that its reader lives; not worth a line of history."""
    Mailbox.objects.filter(pk=mailbox_id).update(validity=place.validity, read_to=place.uid, leased_until=now() + LEASE)


def note_sent_place(mailbox_id: UUID, folder: str, place: imap.Place) -> None:
    """Remember where sent mail is kept, and how far it has been read."""
    Mailbox.objects.filter(pk=mailbox_id).update(
        sent_folder=folder, sent_validity=place.validity, sent_read_to=place.uid
    )


def works(mailbox_id: UUID, *, looked_at: bool = False) -> None:
    """Note that a mailbox works; told only when it did not before. A mail left behind is told until it is looked at."""
    first = Mailbox.objects.filter(pk=mailbox_id, read_at=None).update(read_at=now())
    if first:
        touch([f"channels.mailbox:{mailbox_id}"])
    else:
        Mailbox.objects.filter(pk=mailbox_id).update(read_at=now())
    settled = ("",) if looked_at else ("", LEFT_BEHIND)
    if Mailbox.objects.filter(pk=mailbox_id).exclude(problem__in=settled).exists():
        with change(Mailbox, mailbox_id, by=SYSTEM, using="channels.mailbox.watch") as mailbox:
            mailbox.problem, mailbox.problem_since = "", None
            mailbox.emit(MailboxRecovered(mailbox_id=mailbox_id))


def fails(mailbox_id: UUID, code: str) -> None:
    """Note why a mailbox does not work; told once, not at every try."""
    if Mailbox.objects.filter(pk=mailbox_id).exclude(problem=code[:60]).exists():
        with change(Mailbox, mailbox_id, by=SYSTEM, using="channels.mailbox.watch") as mailbox:
            mailbox.problem, mailbox.problem_since = code[:60], mailbox.problem_since or now()
            mailbox.emit(MailboxFailed(mailbox_id=mailbox_id, problem=code[:60]))


def note_past(mailbox_id: UUID, *, count: int, done_at: datetime | None) -> None:
    """Remember how much of the past has been read."""
    Mailbox.objects.filter(pk=mailbox_id).update(backfilled=count, backfilled_at=done_at)
    touch([f"channels.mailbox:{mailbox_id}"])
