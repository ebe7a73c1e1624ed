-- Comments on constraints of tables, and on schemas beside the current one ($1).
SELECT 'comment'::text                                   AS kind,
       NULLIF(n.nspname, $1)::text                       AS schema_name,
       format('%s.%s', c.relname, k.conname)             AS local_name,
       NULLIF(n.nspname, $1)::text                       AS owner_schema,
       c.relname::text                                   AS owner_name,
       ARRAY[format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, c.oid::regclass, m.description)] AS statements,
       format('COMMENT ON CONSTRAINT %I ON %s IS NULL', k.conname, c.oid::regclass) AS drop_statement
FROM pg_description m
JOIN pg_constraint k ON k.oid = m.objoid
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND m.classoid = 'pg_constraint'::regclass AND c.relkind = 'r'
UNION ALL
SELECT 'comment', NULL, n.nspname::text, NULL, NULL,
       ARRAY[format('COMMENT ON SCHEMA %I IS %L', n.nspname, m.description)],
       format('COMMENT ON SCHEMA %I IS NULL', n.nspname)
FROM pg_description m
JOIN pg_namespace n ON n.oid = m.objoid
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public', $1)
  AND m.classoid = 'pg_namespace'::regclass
