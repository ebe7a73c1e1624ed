-- The parts of every index of schema $1 that backs no constraint, in order.
SELECT c.relname::text                                                 AS table_name,
       x.relname::text                                                 AS index_name,
       m.amname::text                                                  AS method,
       i.indisunique                                                   AS is_unique,
       i.indisvalid                                                    AS is_valid,
       COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid)                   AS predicate,
       p.position > i.indnkeyatts                                      AS is_included,
       a.attname::text                                                 AS column_name,
       CASE WHEN a.attname IS NULL
            THEN pg_catalog.pg_get_indexdef(i.indexrelid, p.position, false)
            END                                                        AS expression,
       COALESCE(i.indoption[p.position - 1] & 1, 0) <> 0               AS is_descending,
       COALESCE(i.indoption[p.position - 1] & 2, 0) <> 0               AS nulls_first,
       CASE WHEN NOT o.opcdefault THEN o.opcname::text END             AS operator_class,
       CASE WHEN i.indcollation[p.position - 1] <> COALESCE(NULLIF(a.attcollation, 0), 100)
            THEN l.collname::text END                                  AS collation_name
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = x.relam
CROSS JOIN LATERAL generate_series(1, i.indnatts::int) AS p (position)
LEFT JOIN pg_catalog.pg_attribute a
       ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.position - 1] AND a.attnum <> 0
LEFT JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[p.position - 1]
LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[p.position - 1]
WHERE n.nspname = $1
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, x.relname, p.position
