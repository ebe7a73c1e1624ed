-- Whole objects that are not managed, each with what tells it from another of its name: no order of columns, and
-- no words of expressions, which a dump may write otherwise. NULL as schema is the current one ($1), NULL as
-- shape what comes and goes with another object.
WITH member AS (
  SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e'
), space AS (
  SELECT n.oid, NULLIF(n.nspname, $1)::text AS schema FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), relation AS (
  SELECT c.*, s.schema,
         CASE WHEN c.relispartition THEN 'partition' WHEN c.relkind = 'f' THEN 'foreign table'
              WHEN c.relkind = 'p' THEN 'partitioned table' WHEN c.reloftype <> 0 THEN 'typed table'
              ELSE 'table that inherits or is inherited' END AS kind
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE (c.relkind IN ('f', 'p') OR c.relkind = 'r' AND (c.relispartition OR c.reloftype <> 0
         OR c.oid IN (SELECT inhrelid FROM pg_inherits UNION ALL SELECT inhparent FROM pg_inherits)))
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
)
SELECT 'relation' AS space, r.schema AS schema_name, r.relname::text AS local_name, r.kind AS kind,
       CASE WHEN r.kind <> 'partition' THEN concat_ws(E'\n',
         pg_get_partkeydef(r.oid), NULLIF(r.reloftype, 0)::regtype, (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(r.reloptions) o),
         (SELECT format('SERVER %I %s', v.srvname, f.ftoptions)
          FROM pg_foreign_table f JOIN pg_foreign_server v ON v.oid = f.ftserver WHERE f.ftrelid = r.oid),
         (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno)
          FROM pg_inherits i WHERE i.inhrelid = r.oid),
         (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef,
                                      a.attgenerated, a.attidentity, a.attcollation::regcollation,
                                      col_description(r.oid, a.attnum)), E'\n' ORDER BY a.attname)
          FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
         (SELECT string_agg(concat_ws(' ', k.conname, k.contype, k.convalidated,
                                      CASE WHEN k.contype <> 'c' THEN pg_get_constraintdef(k.oid) END),
                            E'\n' ORDER BY k.conname)
          FROM pg_constraint k WHERE k.conrelid = r.oid AND k.conislocal AND k.conparentid = 0),
         (SELECT string_agg(pg_get_indexdef(i.indexrelid), E'\n' ORDER BY i.indexrelid::regclass::text)
          FROM pg_index i WHERE i.indrelid = r.oid),
         (SELECT string_agg(pg_get_triggerdef(g.oid), E'\n' ORDER BY g.tgname)
          FROM pg_trigger g WHERE g.tgrelid = r.oid AND NOT g.tgisinternal),
         obj_description(r.oid, 'pg_class')) END AS shape
FROM relation r
UNION ALL
SELECT 'type', s.schema, t.typname::text, CASE t.typtype WHEN 'r' THEN 'range type' ELSE 'base type' END,
       concat_ws(' ', t.typlen, t.typinput, g.rngsubtype::regtype, g.rngcollation::regcollation, g.rngsubdiff,
                 g.rngcanonical)
FROM pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_range g ON g.rngtypid = t.oid
WHERE (t.typtype = 'r' OR t.typtype = 'b' AND t.typcategory <> 'A')
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
UNION ALL
SELECT 'routine', s.schema, format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)), 'aggregate',
       concat_ws(' ', a.aggkind, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggtranstype::regtype, a.agginitval,
                 a.aggsortop::regoperator)
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
