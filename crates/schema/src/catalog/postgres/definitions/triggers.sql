-- Triggers of tables and views, and their state where it is not the usual one.
SELECT 'trigger'::text                                   AS kind,
       NULLIF(n.nspname, $1)::text                       AS schema_name,
       format('%s.%s', c.relname, g.tgname)              AS local_name,
       NULLIF(n.nspname, $1)::text                       AS owner_schema,
       c.relname::text                                   AS owner_name,
       ARRAY[pg_get_triggerdef(g.oid, true)]
       || CASE g.tgenabled WHEN 'O' THEN ARRAY[]::text[] ELSE
          ARRAY[format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
                CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                 ELSE 'ENABLE ALWAYS' END, g.tgname)] END
       || ARRAY(SELECT format('COMMENT ON TRIGGER %I ON %s IS %L', g.tgname, c.oid::regclass, m.description)
                FROM pg_description m
                WHERE m.classoid = 'pg_trigger'::regclass AND m.objoid = g.oid) AS statements,
       format('DROP TRIGGER %I ON %s', g.tgname, c.oid::regclass) AS drop_statement
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT g.tgisinternal AND c.relkind IN ('r', 'v')
