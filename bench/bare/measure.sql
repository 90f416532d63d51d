SELECT count(*), count(*) FILTER (WHERE l.amount > 0), count(*) FILTER (WHERE l.amount = 0), sum(l.amount), avg(l.amount),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY l.amount::float8),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY l.amount::float8)
FROM commerce_orderline l JOIN commerce_order o ON o.id = l.order_id
WHERE o.ordered_at >= %(start)s AND o.ordered_at < %(end)s
