"""What happens when a protocol wants to be looked at again."""

from guanxi.events.protocols import ReviewDue
from guanxi.kernel.events import WORKING, on
from guanxi.kernel.words import say
from guanxi.protocols.protocols.models import Protocol
from guanxi.workspace.todos.operations import add_todo_of
from guanxi.workspace.users.models import User


@on(ReviewDue, origins=WORKING)
def ask_owner_for_review(event: ReviewDue) -> None:
    """Whoever owns the protocol finds the review among the to-dos; without an owner, the owner of the company does."""
    live = Protocol.objects.filter(archived_at=None, next_review_on=event.on).select_related("owner")
    protocol = live.filter(pk=event.protocol_id).first()
    keeper = protocol and _who_sees_to_it(protocol)
    if not protocol or not keeper:
        return
    add_todo_of(
        event.system,
        subject=say("protocols.review_due.todo", keeper.language, name=protocol.name),
        kind="check",
        due_at=event.meta.occurred_at,
        owner=keeper.pk,
        about="protocols.protocol",
        about_id=protocol.pk,
        source=f"protocols.review:{protocol.pk}:{event.on}",
    )


def _who_sees_to_it(protocol: Protocol) -> User | None:
    if protocol.owner and protocol.owner.archived_at is None:
        return protocol.owner
    return User.objects.filter(roles__contains=["owner"], archived_at=None).order_by("created_at").first()
