SELECT 'd' || s.what, s.what, format('COMMENT ON %s IS %L', s.what, s.description) FROM (
  SELECT CASE WHEN d.objsubid = 0 THEN format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'VIEW'
      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX'
      WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, n.nspname, c.relname)
    ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END AS what, d.description
  FROM pg_description d JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
  WHERE d.classoid = 'pg_class'::regclass AND c.relkind <> 'f' AND {relations}
  UNION ALL
  SELECT format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname, t.typname), d.description
  FROM pg_description d JOIN pg_type t ON t.oid = d.objoid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE d.classoid = 'pg_type'::regclass AND {schemas}
    AND (t.typtype IN ('e', 'd') OR (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c')
  UNION ALL
  SELECT format('COLLATION %I.%I', n.nspname, l.collname), d.description
  FROM pg_description d JOIN pg_collation l ON l.oid = d.objoid JOIN pg_namespace n ON n.oid = l.collnamespace
  WHERE d.classoid = 'pg_collation'::regclass AND {schemas}
  UNION ALL
  SELECT format('CONSTRAINT %I ON %I.%I', k.conname, n.nspname, c.relname), d.description
  FROM pg_description d JOIN pg_constraint k ON k.oid = d.objoid JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_constraint'::regclass AND {relations}
  UNION ALL
  SELECT format('CONSTRAINT %I ON DOMAIN %I.%I', k.conname, n.nspname, t.typname), d.description
  FROM pg_description d JOIN pg_constraint k ON k.oid = d.objoid JOIN pg_type t ON t.oid = k.contypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE d.classoid = 'pg_constraint'::regclass AND {schemas}
  UNION ALL
  SELECT format('TRIGGER %I ON %I.%I', g.tgname, n.nspname, c.relname), d.description
  FROM pg_description d JOIN pg_trigger g ON g.oid = d.objoid JOIN pg_class c ON c.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_trigger'::regclass AND {relations}
  UNION ALL
  SELECT format('RULE %I ON %I.%I', w.rulename, n.nspname, c.relname), d.description
  FROM pg_description d JOIN pg_rewrite w ON w.oid = d.objoid JOIN pg_class c ON c.oid = w.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_rewrite'::regclass AND {relations}
  UNION ALL
  SELECT format('SCHEMA %I', n.nspname), d.description
  FROM pg_description d JOIN pg_namespace n ON n.oid = d.objoid
  WHERE d.classoid = 'pg_namespace'::regclass AND {schemas} AND n.nspname <> 'public'
) s
UNION ALL
SELECT 'f' || p.oid || 'd',
  format('%s %I.%I(%s)', k.kind, n.nspname, p.proname,
    CASE p.prokind WHEN 'a' THEN k.arguments ELSE oidvectortypes(p.proargtypes) END),
  format('COMMENT ON %s %I.%I(%s) IS %L', k.kind, n.nspname, p.proname, k.arguments, d.description)
FROM pg_description d JOIN pg_proc p ON p.oid = d.objoid JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
  SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS kind,
    CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END
      AS arguments
) k
WHERE d.classoid = 'pg_proc'::regclass AND {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
