INSERT INTO kernel_changeset (id, operation, at, origin, actor_kind) VALUES (%(set)s, 'bench', now(), 'live', 'user');
WITH old AS (SELECT id, city, version FROM customers_customer WHERE id = %(id)s FOR UPDATE),
     new AS (UPDATE customers_customer c SET city = %(city)s, version = c.version + 1, updated_at = now()
             FROM old WHERE c.id = old.id RETURNING c.id, c.version, old.city AS before)
INSERT INTO kernel_historyentry (change_set_id, record, record_id, version, at, diff)
SELECT %(set)s, 'customers.customer', id, version, now(), jsonb_build_object('city', jsonb_build_array(before, %(city)s::text))
FROM new
