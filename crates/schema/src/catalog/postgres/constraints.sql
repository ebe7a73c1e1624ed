-- Primary keys, unique constraints, foreign keys and checks of every table of schema $1.
-- Columns that only newer servers have are read by way of JSON, so that one text serves all.
SELECT c.relname::text                                                 AS table_name,
       k.conname::text                                                 AS constraint_name,
       k.contype::text                                                 AS kind,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.conkey) WITH ORDINALITY AS u (number, position)
             JOIN pg_catalog.pg_attribute a
               ON a.attrelid = k.conrelid AND a.attnum = u.number
             ORDER BY u.position)                                      AS columns,
       ARRAY(SELECT a.attname::text
             FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS g (position)
             JOIN pg_catalog.pg_attribute a
               ON a.attrelid = k.conrelid AND a.attnum = i.indkey[g.position - 1]
             ORDER BY g.position)                                      AS include,
       NULLIF(rn.nspname, n.nspname)::text                             AS referenced_schema,
       r.relname::text                                                 AS referenced_table,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.confkey) WITH ORDINALITY AS u (number, position)
             JOIN pg_catalog.pg_attribute a
               ON a.attrelid = k.confrelid AND a.attnum = u.number
             ORDER BY u.position)                                      AS referenced_columns,
       k.confdeltype::text                                             AS on_delete,
       k.confupdtype::text                                             AS on_update,
       k.condeferrable                                                 AS deferrable,
       k.condeferred                                                   AS deferred,
       k.convalidated                                                  AS validated,
       COALESCE((to_jsonb(k) ->> 'conenforced')::boolean, true)        AS enforced,
       COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       pg_catalog.pg_get_expr(k.conbin, k.conrelid)                    AS expression
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
WHERE n.nspname = $1
  AND k.contype IN ('p', 'u', 'f', 'c')
ORDER BY c.relname, k.conname
