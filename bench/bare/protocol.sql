SELECT * FROM protocols_protocol WHERE id = %(id)s;
SELECT * FROM protocols_version WHERE protocol_id = %(id)s ORDER BY number DESC;
SELECT * FROM protocols_clause WHERE in_version_id = (SELECT id FROM protocols_version
    WHERE protocol_id = %(id)s AND status = 'published' ORDER BY number DESC LIMIT 1);
SELECT extract(isodow FROM sent_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM sent_at AT TIME ZONE 'Europe/London') AS h, count(*), count(consent_id)
FROM channels_delivery WHERE purpose = 'marketing' AND status IN ('sent', 'uncertain')
    AND sent_at >= %(start)s AND sent_at < %(end)s GROUP BY 1, 2;
SELECT extract(isodow FROM at AT TIME ZONE 'Europe/London') AS d, extract(hour FROM at AT TIME ZONE 'Europe/London') AS h,
       count(*), count(*) FILTER (WHERE acknowledged_at <= at + interval '1 day'),
       count(*) FILTER (WHERE coalesce(acknowledged_at, now()) > at + interval '1 day')
FROM channels_message WHERE needs_answer AND channel = 'email' AND at >= %(start)s AND at < %(end)s GROUP BY 1, 2;
SELECT extract(isodow FROM received_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM received_at AT TIME ZONE 'Europe/London') AS h, count(*), count(*) FILTER (WHERE v <= 86400),
       count(*) FILTER (WHERE coalesce(v, extract(epoch FROM now() - received_at)) > 86400)
FROM (SELECT received_at, extract(epoch FROM first_human_reply_at - received_at)::float8 AS v FROM service_ticket
      WHERE received_at >= %(start)s AND received_at < %(end)s) t GROUP BY 1, 2;
SELECT extract(isodow FROM complained_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM complained_at AT TIME ZONE 'Europe/London') AS h, count(*),
       count(*) FILTER (WHERE complaint_replied_at <= complained_at + interval '1 day'),
       count(*) FILTER (WHERE coalesce(complaint_replied_at, now()) > complained_at + interval '1 day')
FROM service_ticket WHERE kind = 'complaint' AND complained_at >= %(start)s AND complained_at < %(end)s GROUP BY 1, 2;
SELECT extract(isodow FROM complained_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM complained_at AT TIME ZONE 'Europe/London') AS h, count(*),
       count(*) FILTER (WHERE status = 'confirmed'), count(*) FILTER (WHERE status = 'solved')
FROM service_ticket WHERE kind = 'complaint' AND complained_at >= %(start)s AND complained_at < %(end)s GROUP BY 1, 2;
SELECT extract(isodow FROM received_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM received_at AT TIME ZONE 'Europe/London') AS h, count(*), count(*) FILTER (WHERE v <= 259200),
       count(*) FILTER (WHERE coalesce(v, extract(epoch FROM now() - received_at)) > 259200)
FROM (SELECT received_at, extract(epoch FROM solved_at - received_at)::float8 AS v FROM service_ticket
      WHERE received_at >= %(start)s AND received_at < %(end)s) t GROUP BY 1, 2;
SELECT count(*), count(*) FILTER (WHERE v <= 259200),
       count(*) FILTER (WHERE coalesce(v, extract(epoch FROM now() - received_at)) > 259200), avg(v),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.9) WITHIN GROUP (ORDER BY v)
FROM (SELECT received_at, extract(epoch FROM solved_at - received_at)::float8 AS v FROM service_ticket
      WHERE received_at >= %(start)s AND received_at < %(end)s) t;
SELECT extract(isodow FROM ordered_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM ordered_at AT TIME ZONE 'Europe/London') AS h, count(*),
       count(*) FILTER (WHERE done <= ordered_at + interval '7 days'),
       count(*) FILTER (WHERE coalesce(done, now()) > ordered_at + interval '7 days')
FROM (SELECT o.ordered_at, least(
        (SELECT min(t.done_at) FROM workspace_todo t
         WHERE t.about_id = o.id AND t.about = 'commerce.order' AND t.kind = 'follow_up' AND t.done_at IS NOT NULL),
        (SELECT min(r.sent_at) FROM outreach_recipient r WHERE r.order_id = o.id AND r.sent_at IS NOT NULL)) AS done
      FROM commerce_order o WHERE o.kind = 'sale' AND o.customer_id IS NOT NULL AND o.origin IN ('live', 'simulation')
        AND o.ordered_at >= %(start)s AND o.ordered_at < %(end)s) f GROUP BY 1, 2
