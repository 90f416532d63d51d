SELECT id, name, key, email, phone FROM customers_customer WHERE id IN (SELECT id FROM customers_customer WHERE search @@ %(words)s::tsquery OR id = ANY(ARRAY(
        SELECT customer_id FROM customers_contactpoint WHERE search @@ %(words)s::tsquery AND customer_id IS NOT NULL))
    LIMIT 500)
ORDER BY CASE WHEN upper(name) = upper(%(said)s) THEN 0 WHEN upper(name) LIKE upper(%(said)s) || '%%' THEN 1 ELSE 2 END,
    created_at DESC LIMIT 8;
SELECT id, value FROM customers_contactpoint WHERE id IN (SELECT id FROM customers_contactpoint
    WHERE search @@ %(words)s::tsquery AND customer_id IS NULL LIMIT 500) ORDER BY created_at DESC LIMIT 8;
SELECT id, number FROM commerce_order WHERE id IN (SELECT id FROM commerce_order
    WHERE search @@ %(words)s::tsquery LIMIT 500) ORDER BY created_at DESC LIMIT 8;
SELECT id, code, name FROM commerce_product WHERE id IN (SELECT id FROM commerce_product
    WHERE search @@ %(words)s::tsquery LIMIT 500) ORDER BY created_at DESC LIMIT 8;
SELECT id, subject, with_name FROM channels_conversation WHERE id IN (SELECT id FROM channels_conversation
    WHERE search @@ %(words)s::tsquery LIMIT 500) ORDER BY created_at DESC LIMIT 8;
SELECT id, number, subject FROM service_ticket WHERE id IN (SELECT id FROM service_ticket
    WHERE search @@ %(words)s::tsquery LIMIT 500) ORDER BY created_at DESC LIMIT 8;
SELECT id, name, email FROM workspace_user WHERE search @@ %(words)s::tsquery ORDER BY created_at DESC LIMIT 8;
SELECT id, name FROM protocols_protocol WHERE search @@ %(words)s::tsquery ORDER BY created_at DESC LIMIT 8
