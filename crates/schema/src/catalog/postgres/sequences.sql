-- Every sequence with the column that owns it; NULL as schema is the current one ($1). An identity column's
-- belongs to it internally ('i'); a serial column is one whose default takes its own sequence's next value.
SELECT NULLIF(n.nspname, $1)::text             AS schema_name,
       c.relname::text                         AS sequence_name,
       format_type(s.seqtypid, NULL)           AS data_type,
       s.seqstart                              AS start,
       s.seqincrement                          AS increment,
       s.seqmin                                AS minimum,
       s.seqmax                                AS maximum,
       s.seqcache                              AS cache,
       s.seqcycle                              AS cycle,
       obj_description(c.oid, 'pg_class')      AS comment,
       NULLIF(tn.nspname, $1)::text            AS table_schema,
       t.relname::text                         AS table_name,
       a.attname::text                         AS column_name,
       o.deptype = 'i'                         AS is_identity,
       COALESCE(pg_get_expr(d.adbin, d.adrelid)
                = format('nextval(%L::regclass)', c.oid::regclass::text), false) AS is_serial
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
                     AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
                     AND o.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = o.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
LEFT JOIN pg_attrdef d ON d.adrelid = o.refobjid AND d.adnum = o.refobjsubid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
