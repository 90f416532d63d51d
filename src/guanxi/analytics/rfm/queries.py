"""The scores of all buyers, in one statement of SQL."""

from datetime import date

from django.db import connection

from guanxi.analytics.rfm.rules import CLASSES, FIFTHS, bounds

_FIFTH = f"1 + (rank() OVER (ORDER BY {{column}}) - 1) * {FIFTHS} / count(*) OVER ()"
CLASS_OF = "CASE {arms} ELSE '{rest}' END".format(
    arms=" ".join(
        f"WHEN {' AND '.join(f'{name} BETWEEN {least} AND {most}' for name, least, most in bounds(one))}"
        f" THEN '{one.name}'"
        for one in CLASSES[:-1]
    ),
    rest=CLASSES[-1].name,
)
"""The class of a recency, a frequency and a value."""
VALUE = "(frequency + monetary + 1) / 2"
"""The mean of two scores, a half upwards."""
_SCORED = f"""
    SELECT *, {CLASS_OF} AS class FROM (
        SELECT *, {VALUE} AS value FROM (
            SELECT p.customer_id, {_FIFTH.format(column="p.last_order_on")} AS recency,
                {_FIFTH.format(column="p.orders_count")} AS frequency, {_FIFTH.format(column="p.revenue")} AS monetary
            FROM commerce_purchases p JOIN customers_customer c ON c.id = p.customer_id
            WHERE p.orders_count > 0 AND c.archived_at IS NULL
        ) scores
    ) valued"""  # noqa: S608  names and numbers of our own
_WRITTEN = f"""
    UPDATE analytics_rfm r SET (rfm_recency, rfm_frequency, rfm_monetary, rfm_class, rfm_as_of) =
        ROW (s.recency, s.frequency, s.monetary, coalesce(s.class, ''), s.as_of)
    FROM (SELECT a.customer_id AS id, s.*, CASE WHEN s.class IS NOT NULL THEN %s::date END AS as_of
        FROM analytics_rfm a LEFT JOIN ({_SCORED}) s USING (customer_id)) s
    WHERE r.customer_id = s.id AND (r.rfm_recency, r.rfm_frequency, r.rfm_monetary, r.rfm_class, r.rfm_as_of)
        IS DISTINCT FROM (s.recency, s.frequency, s.monetary, coalesce(s.class, ''), s.as_of)"""  # noqa: S608


def write_scores(as_of: date) -> int:
    """Write the scores of all buyers as of a day, and none of everybody else, where they differ; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [as_of])
        return int(cursor.rowcount)
