SELECT 'r' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('CREATE %sVIEW %I.%I%s AS%s%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END,
    n.nspname, c.relname, coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
    E'\n', rtrim(pg_get_viewdef(c.oid), ';'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND {relations}
