SELECT d.id, d.subject, d.kind, d.due_at, d.owner_id, c.id AS customer, c.name FROM workspace_todo d
LEFT JOIN customers_customer c ON c.id = d.customer_id
WHERE d.done_at IS NULL AND d.archived_at IS NULL AND d.due_at < now() + interval '1 day' ORDER BY d.due_at, d.id LIMIT 101;
SELECT v.id, v.subject, v.last_words, v.with_name, v.waiting_since, v.owner_id, v.team_id, c.id AS customer, c.name
FROM channels_conversation v LEFT JOIN customers_customer c ON c.id = v.customer_id
WHERE v.waiting_since IS NOT NULL AND v.status = 'open' AND v.archived_at IS NULL ORDER BY v.waiting_since, v.id LIMIT 101;
SELECT k.id, k.number, k.subject, k.next_due_at, k.owner_id, k.team_id, c.id AS customer, c.name
FROM service_ticket k LEFT JOIN customers_customer c ON c.id = k.customer_id
WHERE k.archived_at IS NULL AND k.next_due_at <= now() + interval '2 hours' ORDER BY k.next_due_at, k.id LIMIT 101;
SELECT name, coalesce(payload ->> 'segment_id', payload ->> 'import_id') AS subject, payload ->> 'segment' AS called,
       count(*), max(occurred_at) AS last, sum((payload ->> 'created')::int + (payload ->> 'updated')::int)
FROM kernel_evententry
WHERE name IN ('customers.segment_entered', 'customers.segment_left', 'workspace.import_ended')
  AND occurred_at > now() - interval '1 day' AND origin IN ('live', 'import', 'simulation')
GROUP BY 1, 2, 3 ORDER BY last DESC, subject LIMIT 101
