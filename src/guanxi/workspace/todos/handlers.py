"""What follows when the time of a to-do comes."""

from guanxi.events.workspace import TodoDue
from guanxi.kernel.events import ALL, WORKING, on
from guanxi.kernel.live import touch
from guanxi.kernel.occurrences import Undone
from guanxi.kernel.undo import changed_in
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import remind_anew


@on(TodoDue, origins=WORKING, set=True)
def show_due_todos_to_their_owners(happened: list[TodoDue]) -> None:
    """Open pages of the owners look again; what was done or put off meanwhile stays quiet."""
    due = Todo.objects.filter(pk__in=[event.todo_id for event in happened], done_at=None)
    owners = due.values_list("owner_id", flat=True)
    touch(["workspace.todo", *(f"user:{owner}" for owner in owners if owner)])


@on(Undone, origins=ALL)
def remind_of_what_is_to_be_done_again(event: Undone) -> None:
    """After an undo a to-do that was done or put off is due when it was before."""
    if "workspace.todo" in event.records:
        remind_anew(changed_in(event.undone, "workspace.todo"))
