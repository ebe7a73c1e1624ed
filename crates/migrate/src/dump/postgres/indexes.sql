SELECT 'i' || i.indexrelid, format('%I.%I', n.nspname, x.relname),
  replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
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
