-- The columns of the views, materialized ones too, in order; NULL as schema is the current one ($1).
SELECT NULLIF(n.nspname, $1)::text                     AS schema_name,
       c.relname::text                                 AS local_name,
       a.attname::text                                 AS column_name,
       format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attcollation = t.typcollation THEN '' ELSE ' ' || a.attcollation::regcollation END AS data_type
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relkind IN ('v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
