"""Living through the year: each matter is done by the verbs of the house, at the time it would have happened."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from guanxi.channels.conversations.intake import Arrival, receive
from guanxi.channels.conversations.models import Message
from guanxi.channels.conversations.operations import close, log_call
from guanxi.channels.conversations.rules import answer_subject
from guanxi.channels.ratings.operations import rate
from guanxi.channels.wire.messages import Address, Automatic, Incoming
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import Actor
from guanxi.kernel.clocks import fire_due
from guanxi.kernel.drain import drain
from guanxi.kernel.jobs import run_next
from guanxi.kernel.models import new_id
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Problem
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.operations import send_strategy
from guanxi.outreach.strategies.rules import CALL_BACK
from guanxi.service.intake.queries import tickets_of
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.rules import moves
from guanxi.simulation.firm import texts, trading
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.matters import Letter, Matter, answer_to_letter, call
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import NEW_TEA, Campaign
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo

SHOP = Address(value="service@minjiang.example", name="岷江茶舍 Minjiang Tea House")
ACCOUNT = UUID("5a6d706c-6500-7000-8000-6d696e6a6961")
"""The mailbox that the firm would have."""
log = logging.getLogger(__name__)
Act = tuple[datetime | None, Callable[[], object]]


@dataclass(kw_only=True)
class Life:
    """Part of a year being lived: who acts, who is concerned, and how much could not be done."""

    firm: Firm
    house: Actor
    service: tuple[Actor, ...]
    marketing: Actor
    ids: dict[int, UUID]
    left_out: int = 0

    def live(self, one: Matter | Letter) -> None:
        """Do one matter to its end, or nothing of it: what the house refuses is left out and noted."""
        try:
            with transaction.atomic():
                self._carry_out(one) if isinstance(one, Letter) else self._follow(one)
        except Problem as problem:
            self.left_out += 1
            log.warning("The sample company left a matter of %s out: %s", one.at, problem)

    def _follow(self, matter: Matter, *, answers: Message | None = None) -> None:
        if matter.kind == "call":
            self._do([(matter.at, lambda: self._call(matter))])
            return
        mail = _Mail(self, matter, answers)
        self._do(
            [
                (matter.at, mail.arrive),
                (matter.receipt_at, mail.acknowledge),
                (matter.answered_at, mail.answer),
                (matter.solved_at, mail.solve),
                (matter.confirmed_at, mail.confirm),
                (matter.given_up_at, mail.give_up),
            ]
        )

    def _do(self, acts: list[Act]) -> None:
        """One act after the other, with all that follows from each; what lies ahead is left to the real world."""
        for at, act in acts:
            if at is not None and at < self.firm.end:
                with frozen(at):
                    if fire_due():
                        drain()
                    act()
                    while run_next():
                        pass
        with frozen(self.firm.end):
            if fire_due():
                drain()

    def _call(self, matter: Matter, rating: int | None = None) -> None:
        log_call(
            self.service[matter.worker], customer=self.ids[matter.who.number], result=matter.result, text=matter.text,
            at=now(), duration_seconds=matter.seconds, rating=rating,
        )  # fmt: skip

    def _carry_out(self, letter: Letter) -> None:
        """Carry out a strategy; some of those reached write back or speak, some buy because of it."""
        campaign = letter.campaign
        strategy = Strategy.objects.get(key=campaign.key)
        self._do(
            [(letter.at, lambda: send_strategy(self.marketing, strategy.pk)), (letter.at + CALL_BACK, lambda: None)]
        )
        people = {who.key: who for who in self.firm.people}
        reached = Recipient.objects.filter(Q(sent_at__isnull=False) | Q(todo__isnull=False), strategy=strategy)
        for row in reached.select_related("customer", "todo").order_by("customer__key"):
            who = people[row.customer.key or ""]
            self.ids[who.number] = row.customer_id
            dice = self.firm.dice(f"letter:{who.key}" if campaign.key == NEW_TEA else f"{campaign.key}:{who.key}")
            self._respond(letter, row, who, dice)

    def _respond(self, letter: Letter, row: Recipient, who: Person, dice: Random) -> None:
        answered = dice.random() < letter.campaign.answered_share
        rating = _rating(letter.campaign, self.firm.dice(f"rating:{letter.campaign.key}:{who.key}"))
        if row.todo:
            self._call_up(letter, row.todo, who, dice, rating=rating, spoke=answered)
        elif answered and row.message_id:
            matter = answer_to_letter(dice, self.firm.truths, who, _some_time_after(dice, letter.at))
            self._follow(matter, answers=Message.objects.get(pk=row.message_id))
        if rating and row.message_id:
            rated = partial(rate, self.marketing, row.message_id, score=rating)
            self._do([(letter.at + timedelta(hours=9), rated)])
        if letter.campaign.ordered_share and dice.random() < letter.campaign.ordered_share:
            bought = trading.because_of(self.house, letter.campaign.key, who, row.customer_id, dice)
            self._do([(letter.at + timedelta(days=dice.uniform(4, 24)), bought)])

    def _call_up(
        self, letter: Letter, todo: Todo, who: Person, dice: Random, *, rating: int | None, spoke: bool
    ) -> None:
        """A call of a strategy: somebody of the service team rings up, and whoever had it to do ticks it off."""
        result = "reached" if spoke else "no_answer"
        made = call(dice, who, letter.at + timedelta(hours=dice.uniform(15, 64)), result=result)
        settled = made.at + timedelta(minutes=5)
        self._do(
            [
                (made.at, lambda: self._call(made, rating if spoke else None)),
                (settled, lambda: complete_todo(self.house, todo.pk, result=made.text)),
            ]
        )


def _rating(campaign: Campaign, dice: Random) -> int | None:
    """How content somebody says they are; most say nothing."""
    if dice.random() >= campaign.rated_share:
        return None
    return dice.choice((4, 5, 5)) if dice.random() < campaign.content_share else dice.choice((1, 2, 3, 3))


def _some_time_after(dice: Random, sent: datetime) -> datetime:
    return sent + timedelta(hours=0.2 + dice.expovariate(1 / 30))


class _Mail:
    """A mail of a customer and what becomes of it."""

    def __init__(self, life: Life, matter: Matter, answers: Message | None) -> None:
        self.life, self.matter, self.answers = life, matter, answers
        # Who writes takes the conversation on; what nobody has seen yet belongs to nobody.
        self.worker = life.house if matter.worker < 0 else life.service[matter.worker]
        self.message: Message

    def arrive(self) -> None:
        """The mailbox brings it."""
        matter, who = self.matter, self.matter.who
        incoming = _incoming(Address(value=who.email, name=who.name), SHOP, matter.subject, matter.text)
        arrival = Arrival(
            channel="email", account=ACCOUNT, team=None, message=incoming, arrived_at=now(),
            answered=(self.answers.pk,) if self.answers else (),
        )  # fmt: skip
        message = receive(self.worker, arrival)
        if message:
            self.message = message

    def acknowledge(self) -> None:
        """The receipt goes out."""
        self._write(texts.RECEIPT_ZH if self.matter.who.chinese else texts.RECEIPT_EN, machine=True)

    def answer(self) -> None:
        """Somebody of the firm answers from the mailbox."""
        self._write(self.matter.answer, machine=False)

    def solve(self) -> None:
        """What grew out of the mail is solved, by the steps of its own process."""
        for ticket in tickets_of(self.message.conversation_id):
            steps = moves(ticket.kind)[ticket.status]
            if "investigating" in steps and ticket.solved_at is None:
                ticket = tickets.move(self.life.house, ticket.pk, to="investigating")
            if "solved" in moves(ticket.kind)[ticket.status]:
                tickets.solve(self.life.house, ticket.pk, solution=self.matter.solution)
        close(self.life.house, self.message.conversation_id)

    def confirm(self) -> None:
        """The customer says that it is settled."""
        for ticket in tickets_of(self.message.conversation_id):
            if "confirmed" in moves(ticket.kind)[ticket.status]:
                tickets.confirm(self.life.house, ticket.pk)

    def give_up(self) -> None:
        """Nobody answered, and after some days the matter is over without one; a complaint never is."""
        for ticket in tickets_of(self.message.conversation_id):
            if "solved" in moves(ticket.kind)[ticket.status]:
                tickets.solve(self.life.house, ticket.pk)
        close(self.life.house, self.message.conversation_id, no_answer_needed=True)

    def _write(self, text: str, *, machine: bool) -> None:
        matter, who = self.matter, self.matter.who
        incoming = _incoming(
            SHOP, Address(value=who.email, name=who.name), answer_subject(matter.subject), text,
            answers=(self.message.provider,), machine=machine,
        )  # fmt: skip
        arrival = Arrival(
            channel="email", account=ACCOUNT, team=None, message=incoming, arrived_at=now(), outbound=True,
            conversation=self.message.conversation_id,
        )  # fmt: skip
        receive(self.life.house, arrival)


def _incoming(
    sender: Address,
    recipient: Address,
    subject: str,
    text: str,
    *,
    answers: tuple[str, ...] = (),
    machine: bool = False,
) -> Incoming:
    """A mail as the mailbox would have brought it, theirs as ours."""
    return Incoming(
        provider_id=f"<{new_id()}@{sender.value.partition('@')[2]}>",
        sender=sender,
        recipients=(recipient,),
        subject=subject,
        text=text,
        new_text=text,
        quoted_text="",
        html="",
        attachments=(),
        written_at=now(),
        answers=answers,
        automatic=Automatic.REPLY if machine else None,
    )


def known(people: Iterable[Person]) -> dict[int, UUID]:
    """The ids of some people of the firm by their numbers."""
    keys = {who.key: who.number for who in people}
    rows = Customer.objects.filter(origin="simulation", key__in=keys).values_list("key", "pk")
    return {keys[key]: id for key, id in rows}
