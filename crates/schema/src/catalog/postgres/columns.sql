-- The columns of every table, in order; NULL as schema is the current one ($1).
-- A column of the catalog that only newer servers have is found in `older` by those that lack it.
SELECT NULLIF(n.nspname, $1)::text                             AS schema_name,
       c.relname::text                                         AS table_name,
       a.attname::text                                         AS column_name,
       format_type(a.atttypid, a.atttypmod)                    AS data_type,
       NOT a.attnotnull                                        AS nullable,
       pg_get_expr(d.adbin, d.adrelid)                         AS expression,
       a.attgenerated::text                                    AS generated,
       a.attidentity::text                                     AS identity,
       CASE WHEN a.attcollation = t.typcollation THEN NULL
            WHEN o.collnamespace = 'pg_catalog'::regnamespace THEN o.collname::text
            WHEN a.attcollation <> 0 THEN
                 (SELECT format('"%s"."%s"', replace(s.nspname, '"', '""'), replace(o.collname, '"', '""'))
                  FROM pg_namespace s WHERE s.oid = o.collnamespace)
            END                                                AS collation_name,
       CASE WHEN a.attstorage <> t.typstorage THEN
            CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                              WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END AS storage,
       CASE a.compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       NULLIF(a.attstattarget, -1)::text                       AS statistics,
       CASE WHEN a.attoptions IS NULL THEN '{}' ELSE
       ARRAY(SELECT split_part(x, '=', 1) FROM unnest(a.attoptions) x) END           AS options,
       CASE WHEN a.attoptions IS NULL THEN '{}' ELSE
       ARRAY(SELECT substr(x, strpos(x, '=') + 1) FROM unnest(a.attoptions) x) END   AS option_values,
       m.description                                           AS comment
FROM (SELECT ''::"char" AS attcompression) older
CROSS JOIN LATERAL (SELECT a.*, attcompression AS compression FROM pg_attribute a) a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid
                         AND m.objsubid = a.attnum
LEFT JOIN pg_collation o ON o.oid = a.attcollation
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relkind = 'r'
  AND a.attnum > 0
  AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
