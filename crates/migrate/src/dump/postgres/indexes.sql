SELECT 'i' || i.indexrelid, format('%I.%I', n.nspname, x.relname),
  replace(replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), options.as_set, options.sorted)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
-- In the order of their names, as the server has them in the order in which they were set.
CROSS JOIN LATERAL (
  SELECT coalesce(format(' WITH (%s)', string_agg(text, ', ' ORDER BY place)), '') AS as_set,
         coalesce(format(' WITH (%s)', string_agg(text, ', ' ORDER BY text)), '') AS sorted
  FROM (SELECT place, o.name || '=' || CASE WHEN quote_ident(o.value) = o.value THEN o.value ELSE quote_literal(o.value) END AS text
        FROM unnest(x.reloptions) WITH ORDINALITY AS u (option, place)
        CROSS JOIN LATERAL (SELECT split_part(option, '=', 1) AS name, substr(option, strpos(option, '=') + 1) AS value) o) texts
) options
WHERE {relations} AND NOT x.relispartition AND c.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
-- What CREATE INDEX has no place for.
SELECT 'i' || i.indexrelid || '.' || y.attnum, format('%I.%I %s statistics', n.nspname, x.relname, y.attnum),
  format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname, x.relname, y.attnum, y.attstattarget)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute y ON y.attrelid = i.indexrelid AND y.attstattarget >= 0
WHERE {relations} AND NOT x.relispartition AND c.relkind IN ('r', 'p', 'm')
