SELECT 'y' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('ALTER TABLE %I.%I REPLICA IDENTITY %s', n.nspname, c.relname, CASE c.relreplident
    WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE (SELECT format('USING INDEX %I', x.relname)
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND {relations}
