-- Functions and procedures. The server always prints the schema before the name; that of the current one
-- ($1) is taken off.
SELECT r.kind,
       NULLIF(n.nspname, $1)::text                                         AS schema_name,
       format('%s(%s)', p.proname, oidvectortypes(p.proargtypes))          AS local_name,
       NULL::text                                                          AS owner_schema,
       NULL::text                                                          AS owner_name,
       ARRAY[CASE WHEN n.nspname = $1 AND starts_with(r.definition, r.head)
                  THEN format('CREATE OR REPLACE %s %I(', upper(r.kind), p.proname)
                       || substr(r.definition, length(r.head) + 1)
                  ELSE r.definition END]
       || ARRAY(SELECT format('COMMENT ON %s %s IS %L', upper(r.kind), p.oid::regprocedure, m.description)
                FROM pg_description m
                WHERE m.classoid = 'pg_proc'::regclass AND m.objoid = p.oid) AS statements,
       format('DROP %s %s', upper(r.kind), p.oid::regprocedure)            AS drop_statement
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind
) k
CROSS JOIN LATERAL (
  SELECT k.kind, rtrim(pg_get_functiondef(p.oid), E'\n') AS definition,
         format('CREATE OR REPLACE %s %I.%I(', upper(k.kind), n.nspname, p.proname) AS head
) r
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND p.prokind IN ('f', 'p', 'w')
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
