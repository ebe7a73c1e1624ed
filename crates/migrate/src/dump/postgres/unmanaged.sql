SELECT 'event trigger ' || evtname FROM pg_event_trigger
UNION ALL SELECT 'publication ' || pubname FROM pg_publication
UNION ALL SELECT 'foreign table ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'f' AND {relations}
UNION ALL SELECT 'range type ' || format('%I.%I', n.nspname, t.typname) FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'r' AND {schemas}
UNION ALL SELECT 'operator ' || o.oid::regoperator FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE {schemas} AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_operator'::regclass AND e.objid = o.oid)
UNION ALL SELECT 'extended statistics ' || format('%I.%I', n.nspname, s.stxname) FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {schemas}
UNION ALL SELECT 'text search configuration ' || format('%I.%I', n.nspname, g.cfgname) FROM pg_ts_config g
  JOIN pg_namespace n ON n.oid = g.cfgnamespace WHERE {schemas}
UNION ALL SELECT 'grants on ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relacl IS NOT NULL AND {relations}
ORDER BY 1
