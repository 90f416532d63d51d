"""How to-dos appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.todos import operations
from guanxi.workspace.todos.models import Todo

TO_DO = register(
    RecordType(
        model=Todo,
        name="workspace.todo",
        plural="todos",
        title="subject",
        writable=("subject", "kind", "note"),
        readonly=("customer", "due_at", "done_at", "result", "about", "about_id", "source", "owner", "team"),
        columns=("subject", "kind", "customer", "due_at", "owner", "done_at"),
        sort="-due_at",
        parents={"customer": "todos"},
        create=operations.add_todo,
        personal={"subject": "replace", "note": "clear", "result": "replace"},
    )
)
