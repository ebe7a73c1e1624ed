-- Collations. What the server keeps of them has other names in newer versions, and some of it is not there in older
-- ones: a row is read as JSON, in which what is missing is NULL.
SELECT 'collation'::text                   AS kind,
       NULLIF(n.nspname, $1)::text         AS schema_name,
       l.collname::text                    AS local_name,
       NULL::text                          AS owner_schema,
       NULL::text                          AS owner_name,
       ARRAY[format('CREATE COLLATION %s (provider = %s%s%s%s)', l.oid::regcollation,
                    CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
                    CASE WHEN l.collprovider IN ('b', 'i')
                         THEN format(', locale = %L', COALESCE(r ->> 'colllocale', r ->> 'colliculocale', r ->> 'collcollate'))
                         ELSE format(', lc_collate = %L, lc_ctype = %L', r ->> 'collcollate', r ->> 'collctype') END,
                    CASE WHEN l.collisdeterministic THEN '' ELSE ', deterministic = false' END,
                    COALESCE(', rules = ' || quote_literal(NULLIF(r ->> 'collicurules', '')), ''))]
       || ARRAY(SELECT format('COMMENT ON COLLATION %s IS %L', l.oid::regcollation, m.description)
                FROM pg_description m
                WHERE m.classoid = 'pg_collation'::regclass AND m.objoid = l.oid) AS statements,
       format('DROP COLLATION %s', l.oid::regcollation) AS drop_statement
FROM pg_collation l
JOIN pg_namespace n ON n.oid = l.collnamespace
CROSS JOIN LATERAL to_jsonb(l) r
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_collation'::regclass AND e.objid = l.oid AND e.deptype = 'e')
