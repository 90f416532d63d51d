SELECT count(*) FROM customers_customer c
JOIN (SELECT DISTINCT ON (customer_id) customer_id, kind FROM commerce_order WHERE customer_id IS NOT NULL
      ORDER BY customer_id, ordered_at DESC, id DESC) o ON o.customer_id = c.id AND o.kind = 'sale'
WHERE c.archived_at IS NULL;
SELECT c.id, c.name, c.kind, c.key, c.title, c.gender, c.birthday, c.language, c.zone, c.country, c.region, c.city,
       c.postcode, c.address, c.preferred_channel, c.note, c.email, c.phone, c.lifecycle, c.lifecycle_since,
       c.lifecycle_cause, c.created_at, c.updated_at, c.version, c.origin, c.archived_at
FROM customers_customer c
JOIN (SELECT DISTINCT ON (customer_id) customer_id, kind FROM commerce_order WHERE customer_id IS NOT NULL
      ORDER BY customer_id, ordered_at DESC, id DESC) o ON o.customer_id = c.id AND o.kind = 'sale'
WHERE c.archived_at IS NULL ORDER BY c.created_at DESC, c.id DESC LIMIT 8
