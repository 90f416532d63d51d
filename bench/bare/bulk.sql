WITH said AS (
    INSERT INTO kernel_changeset (id, operation, at, origin, actor_kind)
    VALUES (%(set)s, 'bench', now(), 'live', 'user')
), old AS (
    SELECT id, city FROM customers_customer WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE
), new AS (
    UPDATE customers_customer c SET city = %(city)s, version = c.version + 1, updated_at = now()
    FROM old WHERE c.id = old.id RETURNING c.id, c.version, old.city AS before
)
INSERT INTO kernel_historyentry (id, change_set_id, record, record_id, version, at, diff)
SELECT entry.id, %(set)s, 'customers.customer', new.id, version, now(),
       jsonb_build_object('city', jsonb_build_array(before, %(city)s::text))
FROM (SELECT *, row_number() OVER () AS n FROM new) new
JOIN unnest(%(entries)s::uuid[]) WITH ORDINALITY entry (id, n) USING (n)
