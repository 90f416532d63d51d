"""Questions about to-dos."""

from datetime import datetime

from django.db.models import QuerySet

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.workspace.todos.models import Todo


def open_for(actor: Actor) -> QuerySet[Todo]:
    """What is still to be done, of all that the actor may see."""
    return visible_to(actor, Todo).filter(done_at=None, archived_at=None)


def due_until(actor: Actor, moment: datetime) -> QuerySet[Todo]:
    """What is to be done by a time, the oldest first."""
    return open_for(actor).filter(due_at__lte=moment).order_by("due_at", "pk")
