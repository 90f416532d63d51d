SELECT count(*) FROM customers_customer c
WHERE NOT EXISTS (SELECT 1 FROM commerce_order o WHERE o.customer_id = c.id
                  AND o.ordered_at > now() - interval '90 days' AND o.ordered_at <= now())
  AND c.archived_at IS NULL;
SELECT c.id, c.name, c.kind, c.key, c.title, c.gender, c.birthday, c.language, c.zone, c.country, c.region, c.city,
       c.postcode, c.address, c.preferred_channel, c.note, c.email, c.phone, c.lifecycle, c.lifecycle_since,
       c.lifecycle_cause, c.created_at, c.updated_at, c.version, c.origin, c.archived_at
FROM customers_customer c
WHERE NOT EXISTS (SELECT 1 FROM commerce_order o WHERE o.customer_id = c.id
                  AND o.ordered_at > now() - interval '90 days' AND o.ordered_at <= now())
  AND c.archived_at IS NULL ORDER BY c.created_at DESC, c.id DESC LIMIT 8
