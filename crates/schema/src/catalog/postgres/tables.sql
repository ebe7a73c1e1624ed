-- The tables; NULL as schema is the current one ($1). Partitions, tables that inherit and typed ones are
-- said in unmanaged.sql.
SELECT NULLIF(n.nspname, $1)::text                     AS schema_name,
       c.relname::text                                 AS table_name,
       c.relpersistence = 'u'                          AS unlogged,
       ARRAY(SELECT split_part(o, '=', 1) FROM unnest(c.reloptions) o
             UNION ALL
             SELECT 'toast.' || split_part(o, '=', 1) FROM unnest(x.reloptions) o) AS parameters,
       ARRAY(SELECT substr(o, strpos(o, '=') + 1) FROM unnest(c.reloptions) o
             UNION ALL
             SELECT substr(o, strpos(o, '=') + 1) FROM unnest(x.reloptions) o)     AS parameter_values,
       m.description                                   AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class x ON x.oid = c.reltoastrelid
LEFT JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = c.oid AND m.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
  AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
