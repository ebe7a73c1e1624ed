-- Composite types: one attribute on a line.
SELECT 'type'::text                        AS kind,
       NULLIF(n.nspname, $1)::text         AS schema_name,
       c.relname::text                     AS local_name,
       NULL::text                          AS owner_schema,
       NULL::text                          AS owner_name,
       ARRAY[format(E'CREATE TYPE %s AS (\n', c.reltype::regtype)
             || COALESCE((SELECT string_agg(
                  format('    %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                  || CASE WHEN a.attcollation <> y.typcollation AND a.attcollation <> 0
                          THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
                  E',\n' ORDER BY a.attnum)
                FROM pg_attribute a
                JOIN pg_type y ON y.oid = a.atttypid
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')
             || E'\n)']
       || ARRAY(SELECT CASE WHEN a.attname IS NULL
                       THEN format('COMMENT ON TYPE %s IS %L', c.reltype::regtype, m.description)
                       ELSE format('COMMENT ON COLUMN %s.%I IS %L', c.reltype::regtype, a.attname, m.description) END
                FROM pg_description m
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = m.objsubid
                                        AND m.classoid = 'pg_class'::regclass
                WHERE m.classoid = 'pg_class'::regclass AND m.objoid = c.oid AND m.objsubid > 0
                   OR m.classoid = 'pg_type'::regclass AND m.objoid = c.reltype
                ORDER BY m.objsubid)       AS statements,
       format('DROP TYPE %s', c.reltype::regtype) AS drop_statement
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind = 'c'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = c.reltype AND e.deptype = 'e')
