WITH said AS (
    INSERT INTO kernel_changeset (id, operation, at, origin, actor_kind)
    VALUES (%(set)s, 'bench', now(), 'live', 'user')
), happened AS (
    INSERT INTO kernel_evententry (id, name, occurred_at, recorded_at, origin, actor_kind, change_set, subjects, payload)
    VALUES (%(event)s, 'bench', now(), now(), 'live', 'user', %(set)s, ARRAY[%(id)s::uuid], '{}')
)
INSERT INTO customers_customer (id, created_at, updated_at, version, created_in, origin, kind, name, name_sort, key, title,
    gender, birth_year_known, language, zone, country, region, city, postcode, address, preferred_channel, note, email,
    phone, lifecycle, lifecycle_since, lifecycle_cause, bank_account, id_number, passport_number, custom, search)
VALUES (%(id)s, now(), now(), 1, %(set)s, 'live', 'person', 'Zoe Bare', 'zoe bare', '', '', '', true, 'en', '', '', '',
    %(city)s, '', '', '', '', '', '', 'contact', now(), '', '', '', '', '{}', $$'zoe' 'bare' '~bar' '~are'$$::tsvector)
