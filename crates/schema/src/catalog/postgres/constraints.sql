-- Primary keys, unique constraints, foreign keys, checks and exclusions of every table; NULL as schema is
-- the current one ($1).
-- A column of the catalog that only newer servers have is found in `older` by those that lack it.
SELECT NULLIF(n.nspname, $1)::text                                     AS schema_name,
       c.relname::text                                                 AS table_name,
       k.conname::text                                                 AS constraint_name,
       k.contype::text                                                 AS kind,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.conkey) WITH ORDINALITY AS u (number, position)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
             ORDER BY u.position)                                      AS columns,
       ARRAY(SELECT a.attname::text
             FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS g (position)
             JOIN pg_attribute a
               ON a.attrelid = k.conrelid AND a.attnum = i.indkey[g.position - 1]
             ORDER BY g.position)                                      AS include,
       NULLIF(rn.nspname, n.nspname)::text                             AS referenced_schema,
       r.relname::text                                                 AS referenced_table,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.confkey) WITH ORDINALITY AS u (number, position)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
             ORDER BY u.position)                                      AS referenced_columns,
       k.confdeltype::text                                             AS on_delete,
       k.confupdtype::text                                             AS on_update,
       k.confmatchtype = 'f'                                           AS match_full,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.set_columns) WITH ORDINALITY AS u (number, position)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
             ORDER BY u.position)                                      AS delete_columns,
       k.connoinherit AND k.contype = 'c'                              AS no_inherit,
       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(x.reloptions) o)                             AS parameters,
       k.condeferrable                                                 AS deferrable,
       k.condeferred                                                   AS deferred,
       k.convalidated                                                  AS validated,
       k.is_enforced                                                   AS enforced,
       COALESCE(i.nulls_equal, false)                                  AS nulls_not_distinct,
       CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
                      WHEN 'x' THEN pg_get_constraintdef(k.oid) END    AS expression
FROM (SELECT true AS conenforced, NULL::int2[] AS confdelsetcols, false AS indnullsnotdistinct) older
CROSS JOIN LATERAL (
  SELECT k.*, conenforced AS is_enforced, confdelsetcols AS set_columns FROM pg_constraint k
) k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN LATERAL (SELECT i.*, indnullsnotdistinct AS nulls_equal FROM pg_index i) i
       ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
LEFT JOIN pg_class x ON x.oid = i.indexrelid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  -- The server makes one for each partition of a table that a foreign key refers to.
  AND k.conparentid = 0
ORDER BY k.conrelid, k.conname
