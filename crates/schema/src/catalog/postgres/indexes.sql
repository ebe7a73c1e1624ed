-- The parts of every index that backs no constraint, in order; NULL as schema is the current one ($1).
-- A column of the catalog that only newer servers have is found in `older` by those that lack it.
SELECT NULLIF(n.nspname, $1)::text                                     AS schema_name,
       c.relname::text                                                 AS table_name,
       x.relname::text                                                 AS index_name,
       m.amname::text                                                  AS method,
       i.indisunique                                                   AS is_unique,
       i.indisvalid                                                    AS is_valid,
       i.nulls_equal                                                   AS nulls_not_distinct,
       CASE WHEN p.position = 1 THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       CASE WHEN x.reloptions IS NULL THEN '{}' ELSE
       ARRAY(SELECT split_part(o, '=', 1) FROM unnest(x.reloptions) o) END AS parameters,
       CASE WHEN x.reloptions IS NULL THEN '{}' ELSE
       ARRAY(SELECT substr(o, strpos(o, '=') + 1) FROM unnest(x.reloptions) o) END AS parameter_values,
       t.description                                                  AS comment,
       p.position > i.indnkeyatts                                      AS is_included,
       a.attname::text                                                 AS column_name,
       CASE WHEN a.attname IS NULL
            THEN pg_get_indexdef(i.indexrelid, p.position, false)
            END                                                        AS expression,
       COALESCE(i.indoption[p.position - 1] & 1, 0) <> 0               AS is_descending,
       COALESCE(i.indoption[p.position - 1] & 2, 0) <> 0               AS nulls_first,
       -- As pg_get_indexdef prints it: a class with options is always named.
       CASE WHEN NOT o.opcdefault OR y.attoptions IS NOT NULL THEN
            CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE quote_ident(s.nspname) || '.' END
            || quote_ident(o.opcname) || COALESCE(' (' ||
               (SELECT string_agg(split_part(u, '=', 1) || '=' || quote_literal(substr(u, strpos(u, '=') + 1)), ', ')
                FROM unnest(y.attoptions) u) || ')', '') END           AS operator_class,
       CASE WHEN i.indcollation[p.position - 1] = COALESCE(NULLIF(a.attcollation, 0), 100) THEN NULL
            WHEN l.collnamespace = 'pg_catalog'::regnamespace THEN l.collname::text
            ELSE (SELECT format('"%s"."%s"', replace(w.nspname, '"', '""'), replace(l.collname, '"', '""'))
                  FROM pg_namespace w WHERE w.oid = l.collnamespace) END AS collation_name,
       NULLIF(y.attstattarget, -1)::int                                AS statistics
FROM (SELECT false AS indnullsnotdistinct) older
CROSS JOIN LATERAL (SELECT i.*, indnullsnotdistinct AS nulls_equal FROM pg_index i) i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am m ON m.oid = x.relam
CROSS JOIN LATERAL generate_series(1, i.indnatts::int) AS p (position)
LEFT JOIN pg_attribute a
       ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.position - 1] AND a.attnum <> 0
LEFT JOIN pg_attribute y ON y.attrelid = i.indexrelid AND y.attnum = p.position
LEFT JOIN pg_opclass o ON o.oid = i.indclass[p.position - 1]
LEFT JOIN pg_namespace s ON s.oid = o.opcnamespace
LEFT JOIN pg_collation l ON l.oid = i.indcollation[p.position - 1]
LEFT JOIN pg_description t ON t.classoid = 'pg_class'::regclass AND t.objoid = x.oid AND t.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM pg_constraint k
                  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, x.relname, p.position
