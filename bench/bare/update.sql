WITH said AS (
    INSERT INTO kernel_changeset (id, operation, at, origin, actor_kind)
    VALUES (%(set)s, 'bench', now(), 'live', 'user')
), happened AS (
    INSERT INTO kernel_evententry (id, name, occurred_at, recorded_at, origin, actor_kind, change_set, subjects, payload)
    VALUES (%(event)s, 'bench', now(), now(), 'live', 'user', %(set)s, ARRAY[%(id)s::uuid], '{}')
), old AS (
    SELECT id, city FROM customers_customer WHERE id = %(id)s FOR UPDATE
), new AS (
    UPDATE customers_customer c SET city = %(city)s, version = c.version + 1, updated_at = now()
    FROM old WHERE c.id = old.id RETURNING c.id, c.version, old.city AS before
)
INSERT INTO kernel_historyentry (id, change_set_id, record, record_id, version, at, diff)
SELECT %(history)s, %(set)s, 'customers.customer', id, version, now(), jsonb_build_object('city', jsonb_build_array(before, %(city)s::text))
FROM new
