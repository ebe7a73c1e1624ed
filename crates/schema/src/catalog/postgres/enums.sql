-- The enums with their values in order; NULL as schema is the current one ($1).
SELECT NULLIF(n.nspname, $1)::text                                  AS schema_name,
       t.typname::text                                              AS enum_name,
       ARRAY(SELECT v.enumlabel::text FROM pg_enum v
             WHERE v.enumtypid = t.oid ORDER BY v.enumsortorder)    AS enum_values,
       obj_description(t.oid, 'pg_type')                            AS comment
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typtype = 'e'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
