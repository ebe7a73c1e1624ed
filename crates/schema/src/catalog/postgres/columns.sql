-- The columns of every table of schema $1, in order.
-- A serial column is one whose sequence depends on it automatically ('a') and that takes its
-- default from it; an identity column's sequence depends on it internally ('i').
SELECT c.relname::text                                         AS table_name,
       a.attname::text                                         AS column_name,
       pg_catalog.format_type(a.atttypid, a.atttypmod)         AS data_type,
       NOT a.attnotnull                                        AS nullable,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid)              AS expression,
       a.attgenerated::text                                    AS generated,
       a.attidentity::text                                     AS identity,
       EXISTS (SELECT FROM pg_catalog.pg_depend p
               JOIN pg_catalog.pg_class s ON s.oid = p.objid AND s.relkind = 'S'
               WHERE p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND p.refobjid = c.oid AND p.refobjsubid = a.attnum
                 AND p.deptype = 'a')                          AS owns_sequence,
       CASE WHEN a.attcollation <> t.typcollation
            THEN o.collname::text END                          AS collation_name,
       pg_catalog.col_description(c.oid, a.attnum)             AS comment
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
WHERE n.nspname = $1
  AND c.relkind IN ('r', 'p')
  AND a.attnum > 0
  AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
