"""What becomes of a message of ours when the gate or the provider has spoken."""

from datetime import timedelta

from django.db.models import F

from guanxi.channels.conversations import queries, rules, sending
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import verify_contact_point
from guanxi.events.channels import (
    ContactLogged,
    DeliveryFailed,
    DeliveryReported,
    DeliverySent,
    MessageBounced,
    MessageNotSent,
    MessageReceived,
    MessageSent,
    SnoozeEnded,
)
from guanxi.kernel.events import WORKING, by_system, on
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, change_each
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo

State = Message.State
USING = "channels.conversation.deliver"
VERIFIED_AGAIN_AFTER = timedelta(days=30)


@on(DeliverySent, origins=WORKING, set=True)
def mark_message_sent(happened: list[DeliverySent]) -> None:
    """The messages have left: each acknowledges, and when a person wrote it, it answers."""
    for system, events in by_system(happened):
        left = {event.delivery_id: event for event in events}
        with change_each(Message, left, by=system, using=USING) as (messages, _):
            for message in messages:
                _left(message, left[message.pk])
        answers = [sending.Answer(one.conversation_id, one.at, by_person=_by_person(one)) for one in messages]
        sending.note_answers(system, USING, answers)


def _left(message: Message, event: DeliverySent) -> None:
    message.state = State.SENT if event.certain else State.UNCERTAIN
    message.provider, message.at = event.provider, event.sent_at
    automatic = not _by_person(message)
    message.emit(MessageSent(**message.told, purpose=message.purpose, automatic=automatic, certain=event.certain))


def _by_person(message: Message) -> bool:
    return message.author_kind == Message.Author.PERSON


@on(ContactLogged)
def tick_off_the_call_that_was_made(event: ContactLogged) -> None:
    """Whoever had this call or visit to do has done it once they spoke: of several the one that was due first."""
    kind = rules.TODO_KIND.get(event.channel)
    if kind is None or event.customer_id is None or event.result not in rules.SETTLED:
        return
    mine = Todo.objects.filter(kind=kind, done_at=None, archived_at=None, owner_id=event.meta.actor_id)
    todo = mine.filter(customer_id=event.customer_id).order_by(F("due_at").asc(nulls_last=True), "pk").first()
    if todo is not None:
        said = Message.objects.get(pk=event.message_id).new_text
        complete_todo(event.system, todo.pk, result=rules.words(said))


@on(DeliveryFailed, origins=WORKING)
def mark_message_not_sent(event: DeliveryFailed) -> None:
    """The message stays where it was written, with the reason why it did not leave."""
    if not Message.objects.filter(pk=event.delivery_id).exists():
        return
    with change(Message, event.delivery_id, by=event.system, using=USING) as message:
        message.state, message.reason = State.NOT_SENT, event.reason
        message.emit(MessageNotSent(**message.told, purpose=message.purpose, reason=event.reason))


@on(DeliveryReported, origins=WORKING)
def mark_message_reported(event: DeliveryReported) -> None:
    """The provider said later what became of the message."""
    if not Message.objects.filter(pk=event.delivery_id).exists() or event.report == "delayed":
        return
    with change(Message, event.delivery_id, by=event.system, using=USING) as message:
        if event.report == "bounced" and sending.leaves_again(event.system, message, code=event.code):
            message.state, message.reason = State.WAITING, event.code
        elif event.report == "bounced":
            message.state, message.reason = State.BOUNCED, event.code
            message.emit(MessageBounced(**message.told, permanent=event.permanent, code=event.code))
        elif event.report == "complained":
            message.reason = "complained"
        elif message.state != State.BOUNCED:
            message.state = State.DELIVERED


@on(MessageReceived)
def verify_address_that_answered(event: MessageReceived) -> None:
    """Whoever answers a message that was sent to an address reads what arrives there; once in a while is enough."""
    if event.contact_point_id is None or event.automatic:
        return
    point = ContactPoint.objects.filter(pk=event.contact_point_id).first()
    fresh = point is None or (point.verified_at is not None and point.verified_at > now() - VERIFIED_AGAIN_AFTER)
    if point is not None and (not fresh or point.dead_at) and queries.answers_ours(event.message_id, point.value):
        verify_contact_point(event.system, point.pk, how="answer")


@on(SnoozeEnded)
def open_snoozed_conversation(event: SnoozeEnded) -> None:
    """A conversation that was put aside is open again when its time has come."""
    with change(Conversation, event.conversation_id, by=event.system, using="channels.conversation.reopen") as talk:
        if talk.status == Conversation.Status.SNOOZED:
            talk.status, talk.snoozed_until = Conversation.Status.OPEN, None
