"""Turning to many customers at once: what is plain in a few statements for all."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from guanxi.channels.conversations.mailing import Wanted, send_letters
from guanxi.customers.customers.models import Customer
from guanxi.events.outreach import CustomerContacted, CustomerSpared
from guanxi.kernel.access import get, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import Event, emit
from guanxi.kernel.operations import Call, together
from guanxi.kernel.time import now
from guanxi.kernel.writes import create_many
from guanxi.outreach.strategies import operations, queries, rules
from guanxi.outreach.strategies.models import Recipient, Strategy

State = Recipient.State
Asked = dict[UUID, tuple[int, dict[str, Any]]]
"""What is asked for each customer, with its place among the calls."""


@together(rules.CONTACT)
def contact_many(actor: Actor, calls: Sequence[Call]) -> Collection[int]:
    """Write to those whom a letter may reach, and note whom nothing may; whoever is called or visited is left out."""
    done: list[int] = []
    for id in dict.fromkeys(call.subject for call in calls):
        strategy = get(actor, Strategy, id, using=rules.CONTACT)
        mine = [(place, call.given) for place, call in enumerate(calls) if call.subject == id]
        done += _contacted(actor, strategy, _plain(actor, strategy, mine))
    return done


def _plain(actor: Actor, strategy: Strategy, asked: Sequence[tuple[int, dict[str, Any]]]) -> Asked:
    """What can be done together: for customers who are seen, once for each, about no order and stopped by nothing."""
    of_customer = {given["customer"]: (place, given) for place, given in asked}
    book = Recipient.objects.filter(strategy=strategy, customer__among=of_customer)
    known = set(book.values_list("customer", "occasion"))
    since = {id: given["since"] for id, (_, given) in of_customer.items() if given["since"]}
    seen = list(visible_to(actor, Customer).filter(pk__among=of_customer).values_list("pk", flat=True))
    stopped = queries.stopped(strategy, seen, since=since)
    found: Asked = {}
    for id in seen:
        place, given = of_customer[id]
        begun = given["since"] is None or given["since"] <= now()
        if begun and not given["order"] and id not in stopped and (id, given["occasion"][:120]) not in known:
            found[id] = place, given
    return found


def _contacted(actor: Actor, strategy: Strategy, asked: Asked) -> list[int]:
    """The places of those who were written to or spared."""
    ways = queries.ways_to(actor, strategy, list(asked)) if asked else {}
    keys = {
        id: rules.letter_key(strategy.pk, given["occasion"][:120], id)
        for id, (_, given) in asked.items()
        if ways[id].channel == "email"
    }
    wanted = [Wanted(customer=id, key=key) for id, key in keys.items()]
    letters = send_letters(actor, template=operations.template_of(strategy), wanted=wanted) if wanted else {}
    rows: dict[UUID, dict[str, Any]] = {}
    for id, (_, given) in asked.items():
        letter, spared = letters.get(keys.get(id, "")), not ways[id].channel and not ways[id].call
        if letter or spared:
            rows[id] = {
                "strategy_id": strategy.pk, "customer_id": id, "occasion": given["occasion"][:120],
                "segment_id": strategy.segment_id, "state": State.WAITING if letter else State.REFUSED,
                "channel": "email" if letter else "", "reason": "" if letter else ways[id].reason,
                "conversation_id": letter.conversation_id if letter else None,
                "message_id": letter.pk if letter else None,
            }  # fmt: skip
    keeper = operations.keeper(actor)
    made = create_many(keeper, Recipient, rows.values(), using=rules.CONTACT, checked=True)
    emit(keeper, *(_told(strategy, one) for one in made))
    return [asked[id][0] for id in rows]


def _told(strategy: Strategy, row: Recipient) -> Event:
    about: dict[str, Any] = {
        "strategy_id": strategy.pk, "recipient_id": row.pk, "customer_id": row.customer_id, "strategy": strategy.name,
    }  # fmt: skip
    if row.state == State.REFUSED:
        return CustomerSpared(**about, reason=row.reason)
    return CustomerContacted(**about, channel=row.channel)
