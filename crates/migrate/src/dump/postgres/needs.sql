WITH owner AS (
  SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 'r' || c.oid AS key FROM pg_class c
  UNION ALL SELECT 'pg_rewrite'::regclass, w.oid, 'r' || w.ev_class FROM pg_rewrite w WHERE w.rulename = '_RETURN'
  UNION ALL SELECT 'pg_attrdef'::regclass, v.oid, 'r' || v.adrelid FROM pg_attrdef v
  UNION ALL SELECT 'pg_constraint'::regclass, k.oid, CASE WHEN k.contype = 'c' AND NOT k.convalidated THEN 'k' || k.oid
      WHEN k.conrelid = 0 THEN 't' || k.contypid ELSE 'r' || k.conrelid END
    FROM pg_constraint k WHERE k.contype <> 'f'
  UNION ALL SELECT 'pg_type'::regclass, t.oid, CASE WHEN e.oid IS NULL THEN CASE WHEN t.typrelid = 0 THEN 't' || t.oid ELSE 'r' || t.typrelid END
      WHEN e.typrelid = 0 THEN 't' || e.oid ELSE 'r' || e.typrelid END
    FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  UNION ALL SELECT 'pg_collation'::regclass, l.oid, 'o' || l.oid FROM pg_collation l
  UNION ALL SELECT 'pg_proc'::regclass, p.oid, 'f' || p.oid FROM pg_proc p
)
SELECT DISTINCT a.key, b.key
FROM pg_depend d
JOIN owner a ON a.classid = d.classid AND a.objid = d.objid
JOIN owner b ON b.classid = d.refclassid AND b.objid = d.refobjid
WHERE a.key <> b.key AND d.deptype IN ('n', 'a')
  -- A sequence that a column owns is made before the column's table, and given to it afterwards.
  AND NOT (d.deptype = 'a' AND EXISTS (SELECT FROM pg_class q WHERE q.oid = d.objid AND q.relkind = 'S'))
