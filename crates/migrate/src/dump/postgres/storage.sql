SELECT 's' || c.oid || '.' || a.attnum, format('%I.%I.%I', n.nspname, c.relname, a.attname),
  format('ALTER TABLE %I.%I ALTER COLUMN %I SET STORAGE %s', n.nspname, c.relname, a.attname,
    CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type y ON y.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND a.attstorage <> y.typstorage AND {relations}
UNION ALL
-- Read as JSON, since servers before 14 have no such column.
SELECT 's' || c.oid || '.' || a.attnum || '.c', format('%I.%I.%I compression', n.nspname, c.relname, a.attname),
  format('ALTER TABLE %I.%I ALTER COLUMN %I SET COMPRESSION %s', n.nspname, c.relname, a.attname,
    CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' ELSE 'lz4' END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND to_jsonb(a) ->> 'attcompression' IN ('p', 'l') AND {relations}
