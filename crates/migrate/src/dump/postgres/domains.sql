SELECT 't' || t.oid, format('%I.%I', n.nspname, t.typname),
  format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))
  || CASE WHEN t.typcollation <> b.typcollation AND t.typcollation <> 0
       THEN ' COLLATE ' || t.typcollation::regcollation ELSE '' END
  || coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
  || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
  || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)),
       '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_type'::regclass AND e.objid = t.oid)
