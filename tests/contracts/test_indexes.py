"""No index stands in the shadow of another: each costs every write of its table."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

SHADOWED = """
WITH known AS (
    SELECT t.relname AS of, c.relname AS name, x.indisunique AS is_unique, x.indkey::text || ' ' AS columns,
           x.indclass::text || ' ' AS classes
    FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_am a ON a.oid = c.relam
    WHERE t.relnamespace = 'public'::regnamespace AND a.amname = 'btree' AND x.indpred IS NULL AND x.indexprs IS NULL
)
SELECT shadowed.of || ': ' || shadowed.name || ' begins ' || larger.name
FROM known shadowed JOIN known larger USING (of)
WHERE shadowed.name <> larger.name AND NOT shadowed.is_unique AND starts_with(larger.columns, shadowed.columns)
  AND starts_with(larger.classes, shadowed.classes) AND of NOT LIKE 'procrastinate%' ORDER BY 1
"""


def shadowed() -> list[str]:
    """Indexes whose columns are the first ones of another, which answers what they would."""
    with connection.cursor() as cursor:
        cursor.execute(SHADOWED)
        return [line for (line,) in cursor.fetchall()]


def test_no_index_is_the_beginning_of_another():
    found = shadowed()
    assert not found, f"of a foreign key that begins an index of its own, db_index=False: {found}"


def test_a_planted_one_is_found():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX planted ON customers_customer (city)")
    assert "customers_customer: planted begins customer_by_city" in shadowed()
