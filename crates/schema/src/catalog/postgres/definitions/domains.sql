-- Domains: one clause on a line, so that two of them can be told apart clause by clause.
SELECT 'domain'::text                      AS kind,
       NULLIF(n.nspname, $1)::text         AS schema_name,
       t.typname::text                     AS local_name,
       NULL::text                          AS owner_schema,
       NULL::text                          AS owner_name,
       ARRAY[format('CREATE DOMAIN %s AS %s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod))
             || CASE WHEN t.typcollation <> b.typcollation AND t.typcollation <> 0
                     THEN ' COLLATE ' || t.typcollation::regcollation ELSE '' END
             || COALESCE(E'\n    DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
             || CASE WHEN t.typnotnull THEN E'\n    NOT NULL' ELSE '' END
             || COALESCE((SELECT string_agg(
                  format(E'\n    CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)),
                  '' ORDER BY k.conname)
                FROM pg_constraint k
                WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')]
       || ARRAY(SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', t.oid::regtype, k.conname,
                              pg_get_constraintdef(k.oid))
                FROM pg_constraint k
                WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated
                ORDER BY k.conname)
       || ARRAY(SELECT format('COMMENT ON DOMAIN %s IS %L', t.oid::regtype, m.description)
                FROM pg_description m
                WHERE m.classoid = 'pg_type'::regclass AND m.objoid = t.oid)
       || ARRAY(SELECT format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, t.oid::regtype, m.description)
                FROM pg_description m
                JOIN pg_constraint k ON k.oid = m.objoid AND k.contypid = t.oid
                WHERE m.classoid = 'pg_constraint'::regclass
                ORDER BY k.conname)        AS statements,
       format('DROP DOMAIN %s', t.oid::regtype) AS drop_statement
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typtype = 'd'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
