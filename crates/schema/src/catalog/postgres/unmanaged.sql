-- What is there and not managed, in words; $1 is the current schema.
WITH member AS (
  SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e'
), space AS (
  SELECT n.oid, n.nspname::text AS name, n.nspacl FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid)
), relation AS (
  SELECT c.* FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relname !~ '^_migrate_' AND c.relname NOT IN ('_sqlx_migrations', 'alembic_version')
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
)
SELECT CASE WHEN c.relkind = 'f' THEN 'foreign table ' WHEN c.relispartition THEN 'partition '
            WHEN c.relkind = 'p' THEN 'partitioned table ' WHEN c.reloftype <> 0 THEN 'typed table '
            ELSE 'table that inherits or is inherited ' END || c.oid::regclass
FROM relation c
WHERE c.relkind IN ('f', 'p') OR c.relkind = 'r' AND (c.relispartition OR c.reloftype <> 0
      OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)))
UNION ALL SELECT format('policy %I on %s', p.polname, c.oid::regclass)
FROM pg_policy p JOIN relation c ON c.oid = p.polrelid
UNION ALL SELECT format('row level security of %s', c.oid::regclass)
FROM relation c WHERE c.relrowsecurity OR c.relforcerowsecurity
UNION ALL SELECT format('replica identity of %s', c.oid::regclass)
FROM relation c WHERE c.relkind = 'r' AND c.relreplident <> 'd'
UNION ALL SELECT format('clustering of %s', c.oid::regclass)
FROM pg_index i JOIN relation c ON c.oid = i.indrelid WHERE i.indisclustered
UNION ALL SELECT format('tablespace of %s', c.oid::regclass)
FROM relation c WHERE c.reltablespace <> 0
UNION ALL SELECT format('access method of %s', c.oid::regclass)
FROM relation c JOIN pg_am m ON m.oid = c.relam WHERE c.relkind = 'r' AND m.amname <> 'heap'
UNION ALL SELECT DISTINCT format('settings of columns of %s', c.oid::regclass)
FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_type y ON y.oid = a.atttypid
WHERE c.relkind = 'm' AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL OR a.attstorage <> y.typstorage
      OR to_jsonb(a) ->> 'attcompression' IN ('p', 'l'))
UNION ALL SELECT DISTINCT format('statistics of %s', i.indexrelid::regclass)
FROM pg_index i JOIN relation c ON c.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attstattarget >= 0
WHERE c.relkind = 'm' OR c.relkind = 'r' AND EXISTS (
  SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
UNION ALL SELECT format('grants on %s', c.oid::regclass)
FROM relation c WHERE c.relacl IS NOT NULL OR EXISTS (
  SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
UNION ALL SELECT format('grants on schema %I', s.name) FROM space s WHERE s.nspacl IS NOT NULL AND s.name <> 'public'
UNION ALL SELECT 'default privileges of ' || d.defaclrole::regrole FROM pg_default_acl d
UNION ALL SELECT format('%s %s', CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'grants on routine' END, p.oid::regprocedure)
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
WHERE (p.prokind = 'a' OR p.proacl IS NOT NULL)
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
UNION ALL SELECT format('%s %s', CASE t.typtype WHEN 'r' THEN 'range type' ELSE 'base type' END, t.oid::regtype)
FROM pg_type t JOIN space s ON s.oid = t.typnamespace
WHERE (t.typtype = 'r' OR t.typtype = 'b' AND t.typcategory <> 'A')
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
UNION ALL SELECT 'operator ' || o.oid::regoperator FROM pg_operator o JOIN space s ON s.oid = o.oprnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_operator'::regclass AND m.objid = o.oid)
UNION ALL SELECT format('operator class %I.%I', s.name, o.opcname) FROM pg_opclass o JOIN space s ON s.oid = o.opcnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_opclass'::regclass AND m.objid = o.oid)
UNION ALL SELECT format('cast from %s to %s', x.castsource::regtype, x.casttarget::regtype) FROM pg_cast x
WHERE x.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_cast'::regclass AND m.objid = x.oid)
UNION ALL SELECT format('conversion %I.%I', s.name, v.conname) FROM pg_conversion v JOIN space s ON s.oid = v.connamespace
UNION ALL SELECT format('extended statistics %I.%I', s.name, x.stxname) FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
UNION ALL SELECT format('text search configuration %I.%I', s.name, g.cfgname) FROM pg_ts_config g JOIN space s ON s.oid = g.cfgnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_config'::regclass AND m.objid = g.oid)
UNION ALL SELECT format('text search dictionary %I.%I', s.name, g.dictname) FROM pg_ts_dict g JOIN space s ON s.oid = g.dictnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_dict'::regclass AND m.objid = g.oid)
UNION ALL SELECT format('foreign server %I', v.srvname) FROM pg_foreign_server v
UNION ALL SELECT format('event trigger %I', evtname) FROM pg_event_trigger
UNION ALL SELECT format('publication %I', pubname) FROM pg_publication
UNION ALL SELECT format('comment on index %s', k.conindid::regclass)
FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid JOIN pg_description m ON m.objoid = k.conindid
WHERE m.classoid = 'pg_class'::regclass AND k.contype IN ('p', 'u', 'x')
UNION ALL SELECT 'comment on schema public' FROM pg_description m
WHERE m.classoid = 'pg_namespace'::regclass AND m.objoid = to_regnamespace('public')
  AND m.description <> 'standard public schema'
UNION ALL SELECT DISTINCT format('label of %s %s', l.provider, l.objoid) FROM pg_seclabel l
ORDER BY 1
