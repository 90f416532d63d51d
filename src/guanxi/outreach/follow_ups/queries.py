"""Whether customers were asked after their orders, and in time."""

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from guanxi.commerce.orders.models import Order
from guanxi.kernel.actor import Origin
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure
from guanxi.outreach.strategies.models import Recipient
from guanxi.outreach.strategies.queries import FOLLOW_UP
from guanxi.workspace.office_hours.queries import office_hours
from guanxi.workspace.todos.models import Todo

OURS = (Origin.LIVE, Origin.SIMULATION)


def orders_to_follow_up() -> QuerySet[Order]:
    """Sales to somebody we know, placed with us: what an import brings was followed up elsewhere, or never."""
    return Order.objects.filter(kind=Order.Kind.SALE, customer__isnull=False, origin__in=OURS).annotate(
        followed_up_at=Least(_first_done(), _first_sent())
    )


def _first_done() -> Subquery:
    done = Todo.objects.filter(about_id=OuterRef("pk"), about="commerce.order", kind="follow_up", done_at__isnull=False)
    return Subquery(done.order_by().values("about_id").annotate(first=Min("done_at")).values("first"))


def _first_sent() -> Subquery:
    sent = Recipient.objects.filter(order_id=OuterRef("pk"), sent_at__isnull=False)
    return Subquery(sent.order_by().values("order_id").annotate(first=Min("sent_at")).values("first"))


@measure(
    "outreach.order.followed_up",
    unit="seconds",
    dimensions=("team", "agent", "channel", "country"),
    standard=FOLLOW_UP.name,
)
def order_followed_up() -> Subjects:
    """Time from an order to the first follow-up, by a to-do that was done or a letter that left."""
    return Subjects(
        rows=orders_to_follow_up(),
        at="ordered_at",
        value=F("followed_up_at") - F("ordered_at"),
        open_when=Q(followed_up_at=None),
        hours=office_hours,
        dimensions={"team": "team_id", "agent": "owner_id", "channel": "channel", "country": "country"},
    )
