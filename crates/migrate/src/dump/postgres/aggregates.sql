-- Aggregates, of ordered sets too; what is as usual is not said.
SELECT 'f' || p.oid, format('%I.%I(%s)', n.nspname, p.proname, s.arguments),
  format(E'CREATE AGGREGATE %I.%I(%s) (\n    %s\n)', n.nspname, p.proname, s.arguments, concat_ws(E',\n    ',
    format('SFUNC = %s', a.aggtransfn), format('STYPE = %s', format_type(a.aggtranstype, NULL)),
    'SSPACE = ' || NULLIF(a.aggtransspace, 0),
    'FINALFUNC = ' || NULLIF(a.aggfinalfn::oid, 0)::regproc,
    CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
    'FINALFUNC_MODIFY = ' || CASE WHEN a.aggfinalmodify <> s.usual THEN m.words END,
    'COMBINEFUNC = ' || NULLIF(a.aggcombinefn::oid, 0)::regproc,
    'SERIALFUNC = ' || NULLIF(a.aggserialfn::oid, 0)::regproc,
    'DESERIALFUNC = ' || NULLIF(a.aggdeserialfn::oid, 0)::regproc,
    'INITCOND = ' || quote_literal(a.agginitval),
    'MSFUNC = ' || NULLIF(a.aggmtransfn::oid, 0)::regproc,
    'MINVFUNC = ' || NULLIF(a.aggminvtransfn::oid, 0)::regproc,
    'MSTYPE = ' || format_type(NULLIF(a.aggmtranstype, 0), NULL),
    'MSSPACE = ' || NULLIF(a.aggmtransspace, 0),
    'MFINALFUNC = ' || NULLIF(a.aggmfinalfn::oid, 0)::regproc,
    CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
    'MFINALFUNC_MODIFY = ' || CASE WHEN a.aggmtransfn <> 0 AND a.aggmfinalmodify <> s.usual THEN o.words END,
    'MINITCOND = ' || quote_literal(a.aggminitval),
    'SORTOP = OPERATOR(' || (SELECT format('%I.%s', b.nspname, x.oprname)
      FROM pg_operator x JOIN pg_namespace b ON b.oid = x.oprnamespace WHERE x.oid = a.aggsortop) || ')',
    CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END,
    'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
CROSS JOIN LATERAL (
  SELECT COALESCE(NULLIF(pg_get_function_identity_arguments(p.oid), ''), '*') AS arguments,
    CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char" AS usual
) s
LEFT JOIN (VALUES ('r'::"char", 'READ_ONLY'), ('s', 'SHAREABLE'), ('w', 'READ_WRITE')) m (code, words)
  ON m.code = a.aggfinalmodify
LEFT JOIN (VALUES ('r'::"char", 'READ_ONLY'), ('s', 'SHAREABLE'), ('w', 'READ_WRITE')) o (code, words)
  ON o.code = a.aggmfinalmodify
WHERE {schemas} AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
