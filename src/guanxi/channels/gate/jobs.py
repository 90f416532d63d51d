"""The jobs that send: reserve, mark, hand to the wire, note the answer; each step is kept before the next begins."""

import time
from contextlib import suppress
from uuid import UUID

from guanxi.channels.gate import operations
from guanxi.channels.gate.links import unsubscribe_url
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.rules import PURPOSES, Purpose
from guanxi.channels.wire import personal
from guanxi.channels.wire.channel import Account
from guanxi.channels.wire.messages import Address, Attempt, Outcome, Outgoing, Receipt
from guanxi.channels.wire.send import leaving_from
from guanxi.kernel.jobs import job
from guanxi.kernel.outages import is_passing
from guanxi.lib.errors import Problem

DECIDED_FOR = 2.0
"""Seconds for which what was decided for a whole round holds; after that each message is decided anew."""


@job("channels.gate.send")
def send_delivery(delivery: str) -> None:
    """Send one message if it is still wanted and the gate agrees now."""
    reserved = operations.reserve(UUID(delivery))
    if reserved is not None:
        with suppress(operations.TakenMeanwhile):
            operations.settle({reserved.pk: _attempt(reserved, {})})


@job("channels.gate.send_round")
def send_round(deliveries: list[str]) -> None:
    """Send messages that go to many, one after the other; decided and settled is together which of them go and went."""
    decided, problems, receipts = time.monotonic(), [], {}
    accounts: dict[str, Account] = {}
    for reserved in operations.reserve_round([UUID(one) for one in deliveries]):
        try:
            # A no that was said while others left has to be heard.
            fresh = time.monotonic() - decided < DECIDED_FOR
            going = reserved if fresh else operations.reserve(reserved.pk)
            if going is not None:
                receipts[going.pk] = _attempt(going, accounts)
                operations.note(going.pk, receipts[going.pk])
        except operations.TakenMeanwhile:
            continue
        except Exception as problem:
            if is_passing(problem):
                raise
            problems.append(problem)  # that one is looked at again by its clock; the others leave
    operations.settle(receipts)
    if problems:
        raise ExceptionGroup("messages of a round", problems)


def _attempt(delivery: Delivery, accounts: dict[str, Account]) -> Receipt:
    """One attempt from its account, which is looked up once for a round."""
    attempt = Attempt(about_to_leave=lambda: operations.leaving(delivery.pk, version=delivery.version))
    try:
        outgoing = _outgoing(delivery)
        if outgoing.account not in accounts:
            accounts[outgoing.account] = leaving_from(delivery.channel, outgoing.account)
        return accounts[outgoing.account].send(outgoing, attempt)
    except Problem as problem:
        # Nothing has left: the adapter turns whatever happens after that into a receipt.
        return Receipt(outcome=Outcome.DELAYED, provider_id="", code=problem.code[:60], detail=str(problem)[:500])


def may_be_stopped(delivery: Delivery) -> bool:
    """Whether a customer can say that they want no more of this kind."""
    return delivery.customer_id is not None and PURPOSES[Purpose(delivery.purpose)].consent != "free"


def _outgoing(delivery: Delivery) -> Outgoing:
    """The message as it was handed to the gate."""
    kept = delivery.outgoing
    links = {"unsubscribe": delivery.pk}
    if delivery.copy_of is None:  # whoever gets a copy does not speak for whoever it was written to
        links["rate"] = delivery.pk
    return Outgoing(
        id=kept.get("message", str(delivery.pk)),
        account=str(delivery.account_id or ""),
        purpose=delivery.purpose,
        sender=Address(value="", name=kept.get("sender_name", "")),
        recipient=Address(value=delivery.recipient, name=kept.get("recipient_name", "")),
        subject=kept.get("subject", ""),
        text=personal.signed(kept["text"], **links),
        html=personal.signed(kept.get("html", ""), **links),
        files=bool(kept.get("files", True)),
        reply_to=kept.get("reply_to", ""),
        copies=tuple(Address(value=one) for one in kept.get("copies", ())),
        shown_to=Address(value=kept["to"], name=kept.get("to_name", "")) if "to" in kept else None,
        conversation=kept.get("conversation", ""),
        answers=tuple(kept.get("answers", ())),
        automatic=bool(kept.get("automatic", False)),
        unsubscribe_url=unsubscribe_url(delivery.pk) if may_be_stopped(delivery) else "",
    )
