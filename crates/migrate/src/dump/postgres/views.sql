SELECT 'r' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('CREATE %sVIEW %I.%I%s%s AS%s%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END,
    n.nspname, c.relname, CASE WHEN h.amname <> 'heap' THEN format(' USING %I', h.amname) ELSE '' END,
    coalesce(' WITH (' || (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o) || ')', ''),
    E'\n', rtrim(pg_get_viewdef(c.oid), ';'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am h ON h.oid = c.relam
WHERE c.relkind IN ('v', 'm') AND {relations}
