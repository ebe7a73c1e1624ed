-- The schemas beside the current one ($1), without the server's own and what an extension owns.
SELECT n.nspname::text                             AS schema_name
FROM pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', $1)
  -- The one that each database has is there anyway.
  AND n.nspname <> 'public'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')
ORDER BY 1
