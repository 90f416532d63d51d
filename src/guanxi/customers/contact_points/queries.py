"""Questions about ways to reach somebody, and what of them is written down with the customer."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, FloatField, Q, Value, When

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.rules import written
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure
from guanxi.kernel.settings import standard
from guanxi.kernel.time import now
from guanxi.workspace.company.operations import COUNTRY

VERIFIED_FOR = standard("customers.ways_verified_for", unit="days", default=365)

_MAIN_WAYS = """
WITH best AS (
    SELECT DISTINCT ON (customer_id, kind) customer_id, kind, value
    FROM customers_contactpoint
    WHERE kind IN ('email', 'phone') AND customer_id IS NOT NULL {some_points}
    ORDER BY customer_id, kind, dead_at IS NOT NULL, verdict = 'impossible', main DESC, shared, id
), ways AS (
    SELECT c.id, coalesce(e.value, '') AS email, coalesce(p.value, '') AS phone
    FROM customers_customer c
    LEFT JOIN best e ON e.customer_id = c.id AND e.kind = 'email'
    LEFT JOIN best p ON p.customer_id = c.id AND p.kind = 'phone'
    {some_customers}
)
UPDATE customers_customer c SET email = left(ways.email, 254), phone = left(ways.phone, 40)
FROM ways WHERE c.id = ways.id AND (c.email, c.phone) IS DISTINCT FROM (left(ways.email, 254), left(ways.phone, 40))
"""


@measure("customers.ways_verified", unit="share", dimensions=("kind", "verdict"))
def ways_verified() -> Subjects:
    """The share of addresses and numbers of customers that were verified within the time the company set."""
    fresh = Q(verified_at__gte=now() - timedelta(days=VERIFIED_FOR.get()))
    return Subjects(
        rows=ContactPoint.objects.filter(customer__isnull=False, customer__archived_at=None),
        at="created_at",
        value=Case(When(fresh, then=Value(1.0)), default=Value(0.0), output_field=FloatField()),
        dimensions={"kind": "kind", "verdict": "verdict"},
        moves=True,
    )


def found(kind: str, typed: str, *, country: str = "") -> ContactPoint | None:
    """The way that something typed stands for, if it is known and belongs to one."""
    form = written(kind, typed, country=country or COUNTRY.get())
    points = ContactPoint.objects.filter(kind=form.kind, value=form.value)
    return points.order_by("shared", "customer_id", "id").first()


def of_customers(ids: Iterable[UUID], kinds: Iterable[str] = ()) -> dict[UUID, list[ContactPoint]]:
    """The living ways of many customers in one statement, the best first."""
    points = ContactPoint.objects.filter(customer__in=list(ids), dead_at=None).exclude(verdict="impossible")
    points = points.filter(kind__in=list(kinds)) if kinds else points
    ways: dict[UUID, list[ContactPoint]] = {}
    for point in points.defer("search").order_by("-main", "shared", "id"):
        if point.customer_id:
            ways.setdefault(point.customer_id, []).append(point)
    return ways


def write_main_ways(ids: Iterable[UUID | None] | None = None) -> None:
    """Write the best address and number of each kind down with the customers: of some, or of all that differ."""
    if ids is None:
        statement, values = _MAIN_WAYS.format(some_points="", some_customers=""), []
    else:
        some = sorted({id for id in ids if id}, key=str)
        if not some:
            return
        statement = _MAIN_WAYS.format(
            some_points="AND customer_id = ANY(%s::uuid[])", some_customers="WHERE c.id = ANY(%s::uuid[])"
        )
        values = [some, some]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
