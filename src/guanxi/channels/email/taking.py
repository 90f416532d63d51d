"""From a mail in a mailbox to a message in a conversation."""

import logging
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from guanxi.channels.conversations import intake
from guanxi.channels.conversations import queries as talks
from guanxi.channels.conversations.intake import Arrival
from guanxi.channels.conversations.models import Message
from guanxi.channels.email import operations, queries
from guanxi.channels.email.imap import Fetched
from guanxi.channels.email.keys import conversation_keys
from guanxi.channels.email.mime import parsing, plain, threads
from guanxi.channels.email.mime.parsing import Parsed
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate import reports as gate
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.time import now
from guanxi.lib.errors import Invalid

OLD = timedelta(days=2)
"""What arrived longer ago than this is past, whatever made it appear now: nobody is written to because of it."""
MAX_BYTES = parsing.MAX_BYTES
log = logging.getLogger(__name__)


def take(
    mailbox: Mailbox,
    fetched: Fetched,
    *,
    origin: Origin = Origin.LIVE,
    outbound: bool = False,
    as_it_stands: bool = False,
) -> Message | None:
    """Take one mail in one transaction; None when it was taken before, is our own, or only reports."""
    try:
        parsed = plain.read(fetched.raw) if as_it_stands else parsing.parse(fetched.raw)
    except Invalid as problem:
        log.warning("A mail in %s was left out: %s", mailbox.address, problem)
        return None
    if origin is Origin.LIVE and now() - fetched.arrived_at > OLD:
        origin = Origin.BACKFILL
    actor = SYSTEM.as_origin(origin)
    with transaction.atomic():
        if _is_ours(parsed):
            return None
        for report in parsed.reports:
            about = threads.ours(report.message_id, queries.domains())
            if about is not None and gate.report(actor, about, report) is not None:
                log.info("A report about our mail came to %s: %s", mailbox.address, report.state)
        return intake.receive(actor, _arrival(mailbox, fetched, parsed, outbound=outbound))


def take_safely(mailbox: Mailbox, fetched: Fetched, *, origin: Origin = Origin.LIVE, outbound: bool = False) -> bool:
    """Take one mail; one that breaks us is kept as it stands, so that it holds up no other and nobody goes unheard.

    False when even that failed: it is told at its mailbox, and the mail is left there unread.
    """
    for as_it_stands in (False, True):
        try:
            take(mailbox, fetched, origin=origin, outbound=outbound, as_it_stands=as_it_stands)
            return True
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("Mail %s in %s could not be taken", fetched.uid, mailbox.address)
    operations.fails(mailbox.pk, operations.LEFT_BEHIND)
    return False


def _is_ours(parsed: Parsed) -> bool:
    """A copy of a mail of ours that we sent through the gate; an id that only looks like ours is not."""
    found = threads.ours(parsed.message.provider_id, queries.domains())
    return found is not None and talks.is_ours(found)


def _arrival(mailbox: Mailbox, fetched: Fetched, parsed: Parsed, *, outbound: bool) -> Arrival:
    message, domains = parsed.message, queries.domains()
    referred = [*message.answers, *(report.message_id for report in parsed.reports)]
    answered = tuple(found for one in referred if (found := threads.ours(one, domains)) is not None)
    if not fetched.whole:
        message = replace(message, notes=(*message.notes, "too_large_to_read"))
    return Arrival(
        channel="email",
        account=mailbox.pk,
        team=mailbox.team_id,
        message=message,
        arrived_at=min(
            fetched.arrived_at, now()
        ),  # a mail server whose clock runs ahead brings nothing from the future
        answered=answered,
        conversation=_conversation(message.token),
        outbound=outbound,
    )


def _conversation(token: str) -> UUID | None:
    """The conversation an answer belongs to, also by a token from before the newest key."""
    found = (threads.conversation_of(token, key) for key in conversation_keys()) if token else ()
    return next((one for one in found if one), None)
