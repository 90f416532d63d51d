"""What the orders of customers come to, in SQL over all of them or over some."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from guanxi.workspace.company.operations import CURRENCY, ZONE

# A sale counts as an order; what was taken back is a document of its own and lowers what all of them come to.
_ADDED_UP = """
    SELECT c.id AS customer_id, coalesce(o.n, 0) AS orders_count, coalesce(o.revenue, 0) AS revenue,
        CASE WHEN o.customer_id IS NULL THEN '' ELSE %(currency)s END AS currency, o.first_order_on, o.last_order_on
    FROM customers_customer c LEFT JOIN (
        SELECT customer_id, count(*) FILTER (WHERE kind = 'sale') AS n,
            sum(total) FILTER (WHERE currency = %(currency)s) AS revenue,
            (min(ordered_at) FILTER (WHERE kind = 'sale') AT TIME ZONE %(zone)s)::date AS first_order_on,
            (max(ordered_at) FILTER (WHERE kind = 'sale') AT TIME ZONE %(zone)s)::date AS last_order_on
        FROM commerce_order WHERE customer_id {some} GROUP BY customer_id
    ) o ON o.customer_id = c.id WHERE c.id {some}"""
_KEPT = "orders_count, revenue, currency, first_order_on, last_order_on"
_DIFFERING = """
    SELECT customer_id FROM ({added_up}) a LEFT JOIN commerce_purchases p USING (customer_id)
    WHERE p.customer_id IS NULL
        OR (p.orders_count, p.revenue, p.currency, p.first_order_on, p.last_order_on)
        IS DISTINCT FROM (a.orders_count, a.revenue, a.currency, a.first_order_on, a.last_order_on)
    ORDER BY customer_id"""
_WRITTEN = f"""
    INSERT INTO commerce_purchases AS p (customer_id, {_KEPT}) SELECT customer_id, {_KEPT} FROM ({{added_up}}) a
    ON CONFLICT (customer_id) DO UPDATE SET ({_KEPT}) = ROW (excluded.orders_count, excluded.revenue,
        excluded.currency, excluded.first_order_on, excluded.last_order_on)"""  # noqa: S608  names of our own columns


def differing() -> list[UUID]:
    """The customers of whom something else is written down than their orders come to."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING.format(added_up=_ADDED_UP.format(some="IS NOT NULL")), _how())
        return [id for (id,) in cursor.fetchall()]


def write_down(customers: Collection[UUID]) -> None:
    """Write what the orders of some customers come to, in one statement."""
    with connection.cursor() as cursor:
        added_up = _ADDED_UP.format(some="= ANY(%(some)s)")
        cursor.execute(_WRITTEN.format(added_up=added_up), {**_how(), "some": list(customers)})


def _how() -> dict[str, str]:
    """In which currency amounts are added up, and whose days count."""
    return {"currency": CURRENCY.get(), "zone": ZONE.get()}
