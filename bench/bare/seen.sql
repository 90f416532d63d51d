SELECT c.id, c.name, c.kind, c.key, c.title, c.gender, c.birthday, c.language, c.zone, c.country, c.region, c.city,
       c.postcode, c.address, c.preferred_channel, c.note, c.email, c.phone, c.lifecycle, c.lifecycle_since, c.custom::text,
       c.lifecycle_cause, c.created_at, c.updated_at, c.version, c.origin, c.archived_at, u.name AS owner, t.name AS team
FROM (SELECT id FROM (
        (SELECT id, created_at FROM customers_customer WHERE owner_id = %(me)s AND archived_at IS NULL
         ORDER BY created_at DESC, id DESC LIMIT 51)
        UNION SELECT x.id, x.created_at FROM unnest(%(teams)s::uuid[]) team(id), LATERAL (
            SELECT id, created_at FROM customers_customer WHERE team_id = team.id AND archived_at IS NULL
            ORDER BY created_at DESC, id DESC LIMIT 51) x
      ) arms ORDER BY created_at DESC, id DESC LIMIT 51) k
JOIN customers_customer c USING (id)
LEFT JOIN workspace_user u ON u.id = c.owner_id LEFT JOIN workspace_team t ON t.id = c.team_id
ORDER BY c.created_at DESC, c.id DESC
