"""What the customers of the demo firm write, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from guanxi.channels.conversations.intake import Arrival, receive
from guanxi.channels.conversations.models import Message
from guanxi.channels.conversations.operations import close, log_call
from guanxi.channels.wire.messages import Address, Automatic, Incoming
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.service.intake.queries import tickets_of
from guanxi.service.tickets.operations import solve
from guanxi.simulation.firm import texts
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import answer_delay, moment

SHOP = Address(value="service@minjiang.example", name="岷江茶舍 Minjiang Tea House")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One enquiry or complaint with its text."""

    who: Person
    account: UUID
    complaint: bool
    subject: str
    text: str


def talk(firm: Firm) -> None:
    """Plan who writes or is called when; the rest follows from it."""
    account = new_id()
    for who in firm.people:
        met = max(firm.start, firm.end - timedelta(days=who.since_days))
        for _ in range(round(who.talks * firm.truths.enquiries_per_talk)):
            if who.email:
                firm.at(moment(firm.dice, met, firm.end), _Writing(firm, _throw(firm, who, account)))
        for _ in range(round(who.talks * firm.truths.calls_per_talk)):
            if who.phone:
                firm.at(moment(firm.dice, met, firm.end), _Calling(firm, who))


def _throw(firm: Firm, who: Person, account: UUID) -> Talk:
    complaint = firm.dice.random() < firm.truths.complaint_share
    shelf = {
        (True, True): texts.COMPLAINTS_ZH,
        (True, False): texts.ENQUIRIES_ZH,
        (False, True): texts.COMPLAINTS_EN,
        (False, False): texts.ENQUIRIES_EN,
    }[who.chinese, complaint]
    subject, text = firm.dice.choice(shelf)
    return Talk(who=who, account=account, complaint=complaint, subject=subject, text=text)


class _Writing:
    """A customer writes; a receipt goes out, later an answer."""

    def __init__(self, firm: Firm, said: Talk) -> None:
        self.firm, self.said = firm, said

    def __call__(self) -> None:
        firm, said, at = self.firm, self.said, now()
        message = receive(firm.actor, _arrival(said, at, said.text))
        if message is None:
            return
        firm.done["complaints" if said.complaint else "enquiries"] += 1
        receipt = at + timedelta(minutes=firm.dice.expovariate(1 / firm.truths.receipt_minutes))
        firm.at(receipt, _Answering(firm, said, message, machine=True))
        delay = answer_delay(firm.dice, firm.truths)
        if delay is None:
            firm.done["unanswered"] += 1
            firm.at(at + timedelta(days=firm.dice.uniform(2, 5)), _GivingUp(firm, message.conversation_id))
            return
        firm.done["answered_in_time"] += delay <= timedelta(hours=24)
        firm.done["answered_late"] += delay > timedelta(hours=24)
        firm.at(at + delay, _Answering(firm, said, message, machine=False))
        solved = at + delay + timedelta(hours=firm.dice.expovariate(1 / firm.truths.solved_hours))
        firm.at(solved, _Solving(firm, message.conversation_id))


class _Answering:
    """Somebody of the firm answers from the mailbox, or the receipt goes out."""

    def __init__(self, firm: Firm, said: Talk, message: Message, *, machine: bool) -> None:
        self.firm, self.said, self.message, self.machine = firm, said, message, machine

    def __call__(self) -> None:
        dice, chinese = self.firm.dice, self.said.who.chinese
        if self.machine:
            text = texts.RECEIPT_ZH if chinese else texts.RECEIPT_EN
        else:
            text = dice.choice(texts.ANSWERS_ZH if chinese else texts.ANSWERS_EN)
            text += dice.choice(texts.SOLUTIONS_ZH if chinese else texts.SOLUTIONS_EN)
        receive(self.firm.actor, _answer(self.said, self.message, now(), text, machine=self.machine))


class _Solving:
    """The ticket that grew out of a conversation is solved and closed."""

    def __init__(self, firm: Firm, conversation: UUID) -> None:
        self.firm, self.conversation = firm, conversation

    def __call__(self) -> None:
        for ticket in tickets_of(self.conversation):
            if ticket.solved_at is None:
                solve(self.firm.actor, ticket.pk)
                self.firm.done["solved"] += 1


class _GivingUp:
    """Nobody answered, and after some days the matter is over without one."""

    def __init__(self, firm: Firm, conversation: UUID) -> None:
        self.firm, self.conversation = firm, conversation

    def __call__(self) -> None:
        for ticket in tickets_of(self.conversation):
            if ticket.solved_at is None:
                solve(self.firm.actor, ticket.pk)
        close(self.firm.actor, self.conversation, no_answer_needed=True)
        self.firm.done["given_up"] += 1


class _Calling:
    """Somebody of the firm rings a customer up."""

    def __init__(self, firm: Firm, who: Person) -> None:
        self.firm, self.who = firm, who

    def __call__(self) -> None:
        result = self.firm.dice.choice(texts.CALL_RESULTS)
        log_call(
            self.firm.actor,
            customer=self.firm.ids[self.who.number],
            result=result,
            text="回访：问了用茶感受。" if self.who.chinese else "Asked how the tea was liked.",
            at=now(),
            duration_seconds=round(self.firm.dice.expovariate(1 / 150)) + 20,
        )
        self.firm.done["calls"] += 1


def _arrival(said: Talk, at: datetime, text: str) -> Arrival:
    """A customer's message as the mailbox would have brought it."""
    incoming = Incoming(
        provider_id=f"<{new_id()}@demo.example>",
        sender=Address(value=said.who.email, name=said.who.name),
        recipients=(SHOP,),
        subject=said.subject,
        text=text,
        new_text=text,
        quoted_text="",
        html="",
        attachments=(),
        written_at=at,
    )
    return Arrival(channel="email", account=said.account, team=None, message=incoming, arrived_at=at)


def _answer(said: Talk, message: Message, at: datetime, text: str, *, machine: bool) -> Arrival:
    """The firm's answer, as it lies among the mailbox's sent messages."""
    incoming = Incoming(
        provider_id=f"<{new_id()}@minjiang.example>",
        sender=SHOP,
        recipients=(Address(value=said.who.email, name=said.who.name),),
        subject=f"Re: {said.subject}",
        text=text,
        new_text=text,
        quoted_text="",
        html="",
        attachments=(),
        written_at=at,
        answers=(message.provider,),
        automatic=Automatic.REPLY if machine else None,
    )
    return Arrival(
        channel="email", account=said.account, team=None, message=incoming, arrived_at=at, outbound=True,
        conversation=message.conversation_id,
    )  # fmt: skip
