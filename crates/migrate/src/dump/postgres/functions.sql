-- Named by the types that go in, as the model has it.
SELECT 'f' || p.oid,
  format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)),
  rtrim(pg_get_functiondef(p.oid), E'\n')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p', 'w') AND {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype IN ('e', 'i')
    AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
