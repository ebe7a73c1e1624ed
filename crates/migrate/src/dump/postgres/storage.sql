-- How columns of tables and materialized views are stored and counted by the planner, and what indexes of
-- constraints say, for which CREATE TABLE has no place. Read as JSON, since older servers lack some of it.
WITH stored AS (
  SELECT c.oid, a.attnum, y.typstorage, a.attstorage, a.attstattarget, a.attoptions,
    to_jsonb(a) ->> 'attcompression' AS compression, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
    format('ALTER %s %I.%I ALTER COLUMN %I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
      n.nspname, c.relname, a.attname) AS head
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type y ON y.oid = a.atttypid
  WHERE c.relkind IN ('r', 'p', 'm') AND {relations}
)
SELECT 's' || oid || '.' || attnum, name, format('%s SET STORAGE %s', head,
  CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END)
FROM stored WHERE attstorage <> typstorage
UNION ALL
SELECT 's' || oid || '.' || attnum || '.c', name || ' compression', format('%s SET COMPRESSION %s', head,
  CASE compression WHEN 'p' THEN 'pglz' ELSE 'lz4' END)
FROM stored WHERE compression IN ('p', 'l')
UNION ALL
SELECT 's' || oid || '.' || attnum || '.s', name || ' statistics', format('%s SET STATISTICS %s', head, attstattarget)
FROM stored WHERE attstattarget >= 0
UNION ALL
SELECT 's' || oid || '.' || attnum || '.o', name || ' options',
  format('%s SET (%s)', head, (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(attoptions) o))
FROM stored WHERE attoptions IS NOT NULL
UNION ALL
SELECT 's' || x.oid || '.x', format('%I.%I options', n.nspname, x.relname),
  format('ALTER INDEX %I.%I SET (%s)', n.nspname, x.relname, (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(x.reloptions) o))
FROM pg_constraint k JOIN pg_class x ON x.oid = k.conindid
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'x') AND x.reloptions IS NOT NULL AND k.conparentid = 0 AND {relations}
