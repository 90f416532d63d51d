"""What follows when something is shared, and when that ends."""

from uuid import UUID

from guanxi.events.workspace import CustomerShared, ShareEnded, ShareRanOut
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import ALL, WORKING, on
from guanxi.kernel.live import touch
from guanxi.kernel.occurrences import Undone
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.kernel.writes import change_many
from guanxi.workspace.shares.models import Share
from guanxi.workspace.shares.operations import end_share
from guanxi.workspace.shares.queries import in_force
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todos
from guanxi.workspace.users.models import User

SOURCE = "share:"


@on(CustomerShared, origins=WORKING)
def tell_whom_it_is_shared_with(event: CustomerShared) -> None:
    """A to-do of today for everybody who got it, in their language; who it is stands beside it."""
    share = in_force([event.share_id]).first()
    if share is None:
        return
    people = User.objects.filter(archived_at=None)
    people = people.filter(pk=share.user_id) if share.user_id else people.filter(team=share.team_id)
    add_todos(
        event.system,
        (
            {
                "subject": say(f"share.told.{share.may}", person.language),
                "kind": "check",
                "owner_id": person.pk,
                "team_id": person.team_id,
                "customer_id": share.customer_id,
                "due_at": now(),
                "source": f"{SOURCE}{share.pk}:{person.pk}",
            }
            for person in people
            if person.pk != event.meta.actor_id
        ),
    )
    touch([f"user:{person.pk}" for person in people])


@on(ShareRanOut, origins=WORKING)
def end_what_ran_out(event: ShareRanOut) -> None:
    """A share whose time has come is noted as ended; it opened nothing any more before that."""
    share = Share.objects.filter(pk=event.share_id, ended_at=None, until__lte=now()).first()
    if share:
        end_share(event.system, share.pk, using="workspace.share.withdraw")


@on(ShareEnded, origins=WORKING)
def put_away_what_told_of_it(event: ShareEnded) -> None:
    """What was to be looked at is not seen any more."""
    _put_away(event.system)


@on(Undone, origins=ALL)
def follow_shares_that_were_undone(event: Undone) -> None:
    """After an undo what told of a share that is gone is put away."""
    if "workspace.share" in event.records:
        _put_away(event.system)


def _put_away(actor: Actor) -> None:
    open_ = Todo.objects.filter(source__startswith=SOURCE, done_at=None, archived_at=None)
    told = {todo.pk: UUID(str(todo.source).split(":")[1]) for todo in open_}
    still = set(in_force(list(told.values())).values_list("pk", flat=True)) if told else set()
    gone = [pk for pk, share in told.items() if share not in still]
    if gone:
        change_many(actor, Todo, {id: {"archived_at": now()} for id in gone}, using="workspace.todo.archive")
