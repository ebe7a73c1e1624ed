-- A table without columns of its own has one row here.
SELECT format('%I.%I', n.nspname, c.relname),
  CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', n.nspname, c.relname),
  coalesce(quote_ident(a.attname), ''),
  CASE WHEN a.attname IS NULL THEN '' WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype)
    THEN format('coalesce(%I::text, ''NULL'')', a.attname)
    -- A cast to text takes the blanks at the end away.
    WHEN y.typoutput = 'bpcharout'::regproc
    THEN format('CASE WHEN %1$I IS NULL THEN ''NULL'' ELSE pg_catalog.quote_literal(pg_catalog.concat(%1$I)) END', a.attname)
    ELSE format('pg_catalog.quote_nullable(%I::text)', a.attname) END,
  coalesce(a.attidentity::text, '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
LEFT JOIN pg_type y ON y.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {relations}
ORDER BY n.nspname, c.relname, a.attnum
