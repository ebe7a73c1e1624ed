SELECT 'n' || n.oid, n.nspname::text, format('CREATE SCHEMA %I', n.nspname)
FROM pg_namespace n
WHERE {schemas} AND n.nspname <> 'public'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
