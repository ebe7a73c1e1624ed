-- What stands on what, each named by kind, schema (NULL is the current one, $1), name and part. A sequence
-- that a column owns is that column, the index of a constraint the constraint, and what an extension owns
-- the extension.
WITH member AS (
  SELECT e.classid, e.objid, x.extname::text AS extension
  FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid
  WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
), relation AS (
  SELECT c.oid, c.relkind, NULLIF(n.nspname, $1)::text AS schema, c.relname::text AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), owned AS (
  SELECT DISTINCT ON (d.objid) d.objid, r.schema, r.name, a.attname::text AS part
  FROM pg_depend d
  JOIN relation s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN relation r ON r.oid = d.refobjid
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
), typed AS (
  SELECT t.oid, COALESCE(e.oid, t.oid) AS base
  FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
), thing (classid, objid, objsubid, kind, schema, name, part) AS (
  SELECT 'pg_class'::regclass::oid, r.oid, 0,
         CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type' ELSE 'table' END,
         r.schema, r.name, NULL
  FROM relation r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  UNION ALL
  -- A view that reads a sequence stands on one of its three columns.
  SELECT 'pg_class'::regclass, r.oid, number, CASE WHEN o.objid IS NULL THEN 'sequence' ELSE 'column' END,
         CASE WHEN o.objid IS NULL THEN r.schema ELSE o.schema END, COALESCE(o.name, r.name), o.part
  FROM relation r CROSS JOIN generate_series(0, 3) AS number LEFT JOIN owned o ON o.objid = r.oid
  WHERE r.relkind = 'S'
  UNION ALL
  SELECT 'pg_class'::regclass, r.oid, 0, CASE WHEN k.oid IS NULL THEN 'index' ELSE 'constraint' END,
         t.schema, t.name, COALESCE(k.conname::text, r.name)
  FROM relation r JOIN pg_index i ON i.indexrelid = r.oid JOIN relation t ON t.oid = i.indrelid
  LEFT JOIN pg_constraint k ON k.conindid = r.oid AND k.contype IN ('p', 'u', 'x')
  WHERE t.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'pg_class'::regclass, r.oid, a.attnum,
         CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type' ELSE 'column' END,
         r.schema, r.name, CASE WHEN r.relkind IN ('r', 'p', 'f') THEN a.attname::text END
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
  WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'pg_attrdef'::regclass, d.oid, 0, CASE r.relkind WHEN 'v' THEN 'view' ELSE 'default' END,
         r.schema, r.name, a.attname::text
  FROM pg_attrdef d JOIN relation r ON r.oid = d.adrelid
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 0, 'constraint', r.schema, r.name, k.conname::text
  FROM pg_constraint k JOIN relation r ON r.oid = k.conrelid WHERE k.conparentid = 0
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 0, 'domain', NULLIF(n.nspname, $1)::text, t.typname::text, NULL
  FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
  UNION ALL
  SELECT 'pg_type'::regclass, d.oid, 0,
         CASE WHEN m.objid IS NOT NULL THEN 'extension'
              WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'd' THEN 'domain'
              WHEN r.relkind = 'c' THEN 'type' WHEN r.relkind = 'v' THEN 'view'
              WHEN r.relkind = 'm' THEN 'materialized view' WHEN r.oid IS NOT NULL THEN 'table'
              ELSE 'other' END,
         CASE WHEN m.objid IS NULL THEN NULLIF(n.nspname, $1)::text END,
         COALESCE(m.extension, t.typname::text), NULL
  FROM typed d JOIN pg_type t ON t.oid = d.base JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN relation r ON r.oid = t.typrelid
  LEFT JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
  WHERE m.objid IS NOT NULL OR n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
         NULLIF(n.nspname, $1)::text, format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)), NULL
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
  UNION ALL
  SELECT 'pg_collation'::regclass, l.oid, 0, 'collation', NULLIF(n.nspname, $1)::text, l.collname::text, NULL
  FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_collation'::regclass AND m.objid = l.oid)
  UNION ALL
  SELECT m.classid, m.objid, 0, 'extension', NULL, m.extension, NULL
  FROM member m WHERE m.classid <> 'pg_type'::regclass
  UNION ALL
  SELECT 'pg_trigger'::regclass, g.oid, 0, 'trigger', r.schema, format('%s.%s', r.name, g.tgname), NULL
  FROM pg_trigger g JOIN relation r ON r.oid = g.tgrelid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 'pg_rewrite'::regclass, w.oid, 0,
         CASE WHEN w.rulename <> '_RETURN' THEN 'rule' WHEN r.relkind = 'm' THEN 'materialized view' ELSE 'view' END,
         r.schema, CASE WHEN w.rulename <> '_RETURN' THEN format('%s.%s', r.name, w.rulename) ELSE r.name END, NULL
  FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class
  UNION ALL
  SELECT 'pg_policy'::regclass, p.oid, 0, 'kept', r.schema, format('%s.policy %s', r.name, p.polname), NULL
  FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, x.oid, 0, 'kept', r.schema, format('%s.statistics %s', r.name, x.stxname), NULL
  FROM pg_statistic_ext x JOIN relation r ON r.oid = x.stxrelid
  UNION ALL
  SELECT 'pg_publication_rel'::regclass, p.oid, 0, 'kept', r.schema, format('%s.publication %s', r.name, b.pubname), NULL
  FROM pg_publication_rel p JOIN relation r ON r.oid = p.prrelid JOIN pg_publication b ON b.oid = p.prpubid
)
SELECT a.kind AS kind, a.schema AS schema_name, a.name AS local_name, a.part AS part,
       b.kind AS on_kind, b.schema AS on_schema, b.name AS on_name, b.part AS on_part
FROM pg_depend d
JOIN thing a ON a.classid = d.classid AND a.objid = d.objid AND a.objsubid = d.objsubid
JOIN thing b ON b.classid = d.refclassid AND b.objid = d.refobjid AND b.objsubid = d.refobjsubid
WHERE d.deptype IN ('n', 'a')
  -- The server's own objects have lower numbers, and stand on each other.
  AND d.objid >= 16384
  AND (a.kind, a.schema, a.name, a.part) IS DISTINCT FROM (b.kind, b.schema, b.name, b.part)
