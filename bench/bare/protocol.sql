SELECT * FROM protocols_protocol WHERE id = %(id)s;
SELECT * FROM protocols_version WHERE protocol_id = %(id)s ORDER BY number DESC;
SELECT * FROM protocols_clause WHERE in_version_id = (SELECT id FROM protocols_version
    WHERE protocol_id = %(id)s AND status = 'published' ORDER BY number DESC LIMIT 1);
SELECT count(*), count(*) FILTER (WHERE v <= 86400), count(*) FILTER (WHERE v > 86400), avg(v),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.9) WITHIN GROUP (ORDER BY v)
FROM (SELECT extract(epoch FROM first_human_reply_at - received_at)::float8 AS v FROM service_ticket
      WHERE received_at >= %(start)s AND received_at < %(end)s) t;
SELECT extract(isodow FROM received_at AT TIME ZONE 'Europe/London') AS d,
       extract(hour FROM received_at AT TIME ZONE 'Europe/London') AS h, count(*), count(*) FILTER (WHERE v > 86400)
FROM (SELECT received_at, extract(epoch FROM first_human_reply_at - received_at)::float8 AS v FROM service_ticket
      WHERE received_at >= %(start)s AND received_at < %(end)s) t GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 1;
SELECT count(*), count(*) FILTER (WHERE v <= 259200), count(*) FILTER (WHERE v > 259200), avg(v),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.9) WITHIN GROUP (ORDER BY v)
FROM (SELECT extract(epoch FROM solved_at - received_at)::float8 AS v FROM service_ticket
      WHERE kind = 'enquiry' AND received_at >= %(start)s AND received_at < %(end)s) t;
SELECT count(*), count(*) FILTER (WHERE v <= 432000), count(*) FILTER (WHERE v > 432000), avg(v),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.9) WITHIN GROUP (ORDER BY v)
FROM (SELECT extract(epoch FROM solved_at - received_at)::float8 AS v FROM service_ticket
      WHERE kind = 'complaint' AND received_at >= %(start)s AND received_at < %(end)s) t;
SELECT count(*), count(*) FILTER (WHERE complaint_replied_at <= complained_at + interval '1 day') FROM service_ticket
WHERE kind = 'complaint' AND complained_at >= %(start)s AND complained_at < %(end)s;
SELECT count(*), count(acknowledged_at) FROM channels_message WHERE needs_answer AND channel = 'email'
    AND at >= %(start)s AND at < %(end)s;
SELECT count(*), count(consent_id) FROM channels_delivery WHERE purpose = 'marketing' AND status IN ('sent', 'uncertain')
    AND sent_at >= %(start)s AND sent_at < %(end)s
