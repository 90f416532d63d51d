SELECT c.id, c.name, c.kind, c.key, c.title, c.gender, c.birthday, c.language, c.zone, c.country, c.region, c.city,
       c.postcode, c.address, c.preferred_channel, c.note, c.email, c.phone, c.lifecycle, c.lifecycle_since, c.custom::text,
       c.lifecycle_cause, c.created_at, c.updated_at, c.version, c.origin, c.archived_at, u.name AS owner, t.name AS team
FROM (SELECT * FROM customers_customer WHERE archived_at IS NULL AND (search @@ %(words)s::tsquery OR id = ANY(ARRAY(
        SELECT customer_id FROM customers_contactpoint WHERE search @@ %(words)s::tsquery AND customer_id IS NOT NULL)))
      ORDER BY created_at DESC, id DESC LIMIT 21) c
LEFT JOIN workspace_user u ON u.id = c.owner_id LEFT JOIN workspace_team t ON t.id = c.team_id
ORDER BY c.created_at DESC, c.id DESC
