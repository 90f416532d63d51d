SELECT v.id, v.subject, v.customer_id, v.contact_point_id, v.with_name, v.channel, v.status, v.result, v.received_at,
       v.acknowledged_at, v.first_human_reply_at, v.waiting_since, v.last_message_at, v.last_words, v.messages,
       v.snoozed_until, v.closed_at, v.created_at, v.updated_at, v.version, v.origin, c.name AS customer,
       p.value AS contact_point, u.name AS owner, t.name AS team
FROM (SELECT * FROM channels_conversation WHERE archived_at IS NULL AND status = 'open'
      ORDER BY last_message_at DESC, id DESC LIMIT 51) v
LEFT JOIN customers_customer c ON c.id = v.customer_id LEFT JOIN customers_contactpoint p ON p.id = v.contact_point_id
LEFT JOIN workspace_user u ON u.id = v.owner_id LEFT JOIN workspace_team t ON t.id = v.team_id
ORDER BY v.last_message_at DESC, v.id DESC
