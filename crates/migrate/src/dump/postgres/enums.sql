SELECT 't' || t.oid, format('%I.%I', n.nspname, t.typname),
  format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
    (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder)
     FROM pg_enum v WHERE v.enumtypid = t.oid))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_type'::regclass AND e.objid = t.oid)
