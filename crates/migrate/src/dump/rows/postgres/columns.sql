SELECT format('%I.%I', n.nspname, c.relname),
  CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', n.nspname, c.relname),
  format('%I', a.attname),
  CASE WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype)
    THEN format('coalesce(%I::text, ''NULL'')', a.attname)
    ELSE format('pg_catalog.quote_nullable(%I::text)', a.attname) END,
  a.attidentity::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {relations}
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY n.nspname, c.relname, a.attnum
