SELECT 'z' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('ALTER TABLE %I.%I %s', n.nspname, c.relname, concat_ws(', ',
    CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END,
    CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND {relations}
