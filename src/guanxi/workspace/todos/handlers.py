"""What follows when the time of a to-do comes."""

from guanxi.events.workspace import TodoDue
from guanxi.kernel.events import WORKING, on
from guanxi.kernel.live import touch
from guanxi.workspace.todos.models import Todo


@on(TodoDue, origins=WORKING, set=True)
def show_due_todos_to_their_owners(happened: list[TodoDue]) -> None:
    """Open pages of the owners look again; what was done or put off meanwhile stays quiet."""
    due = Todo.objects.filter(pk__in=[event.todo_id for event in happened], done_at=None)
    owners = due.values_list("owner_id", flat=True)
    touch(["workspace.todo", *(f"user:{owner}" for owner in owners if owner)])
