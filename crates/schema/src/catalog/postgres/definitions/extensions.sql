-- Extensions; the schema of those in the current one ($1) is not said.
SELECT 'extension'::text    AS kind,
       NULL::text           AS schema_name,
       x.extname::text      AS local_name,
       NULL::text           AS owner_schema,
       NULL::text           AS owner_name,
       ARRAY[format('CREATE EXTENSION IF NOT EXISTS %I', x.extname)
             || CASE WHEN n.nspname = $1 OR NOT x.extrelocatable THEN ''
                     ELSE format(' WITH SCHEMA %I', n.nspname) END] AS statements,
       format('DROP EXTENSION %I', x.extname) AS drop_statement
FROM pg_extension x
JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.extname <> 'plpgsql' AND n.nspname <> 'pg_catalog'
