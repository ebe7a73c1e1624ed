-- Views and materialized views, with what belongs to them.
SELECT r.kind,
       NULLIF(n.nspname, $1)::text         AS schema_name,
       c.relname::text                     AS local_name,
       NULL::text                          AS owner_schema,
       NULL::text                          AS owner_name,
       ARRAY[format(E'CREATE %s %s%s%s AS\n%s', upper(r.kind), c.oid::regclass,
                    CASE WHEN h.amname <> 'heap' THEN format(' USING %I', h.amname) ELSE '' END,
                    COALESCE(' WITH (' || (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o) || ')', ''),
                    rtrim(pg_get_viewdef(c.oid), ';'))]
       || ARRAY(SELECT pg_get_indexdef(i.indexrelid, 0, true)
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                WHERE i.indrelid = c.oid ORDER BY x.relname)
       || ARRAY(SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname,
                              pg_get_expr(d.adbin, d.adrelid))
                FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                WHERE d.adrelid = c.oid ORDER BY a.attname)
       || ARRAY(SELECT CASE WHEN m.objsubid = 0
                       THEN format('COMMENT ON %s %s IS %L', upper(r.kind), c.oid::regclass, m.description)
                       ELSE format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname, m.description) END
                FROM pg_description m
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = m.objsubid
                WHERE m.classoid = 'pg_class'::regclass AND m.objoid = c.oid ORDER BY m.objsubid)
       || ARRAY(SELECT format('COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, m.description)
                FROM pg_description m JOIN pg_index i ON i.indexrelid = m.objoid AND i.indrelid = c.oid
                WHERE m.classoid = 'pg_class'::regclass
                ORDER BY i.indexrelid::regclass::text)                       AS statements,
       format('DROP %s %s', upper(r.kind), c.oid::regclass)                AS drop_statement
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am h ON h.oid = c.relam
CROSS JOIN LATERAL (
  SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind
) r
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
