-- Rewrite rules that are not views, and their state where it is not the usual one.
SELECT 'rule'::text                                      AS kind,
       NULLIF(n.nspname, $1)::text                       AS schema_name,
       format('%s.%s', c.relname, w.rulename)            AS local_name,
       NULLIF(n.nspname, $1)::text                       AS owner_schema,
       c.relname::text                                   AS owner_name,
       ARRAY[rtrim(pg_get_ruledef(w.oid, true), ';')]
       || CASE w.ev_enabled WHEN 'O' THEN ARRAY[]::text[] ELSE
          ARRAY[format('ALTER TABLE %s %s RULE %I', c.oid::regclass,
                CASE w.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                  ELSE 'ENABLE ALWAYS' END, w.rulename)] END
       || ARRAY(SELECT format('COMMENT ON RULE %I ON %s IS %L', w.rulename, c.oid::regclass, m.description)
                FROM pg_description m
                WHERE m.classoid = 'pg_rewrite'::regclass AND m.objoid = w.oid) AS statements,
       format('DROP RULE %I ON %s', w.rulename, c.oid::regclass) AS drop_statement
FROM pg_rewrite w
JOIN pg_class c ON c.oid = w.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND w.rulename <> '_RETURN' AND c.relkind IN ('r', 'v')
