SELECT id, name_sort, name, place::float / size
FROM (SELECT id, name_sort, name, row_number() OVER (ORDER BY name_sort, id) AS place, count(*) OVER () AS size
      FROM customers_customer WHERE archived_at IS NULL) placed
WHERE mod(place, greatest(size / 100, 1)) = 0 AND place < size
ORDER BY place
