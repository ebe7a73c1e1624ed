SELECT 'the grants on ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {relations} AND (c.relacl IS NOT NULL OR EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL))
UNION ALL SELECT 'the grants on ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE {schemas} AND p.proacl IS NOT NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL SELECT 'the grants on type ' || t.oid::regtype FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE {schemas} AND t.typacl IS NOT NULL
UNION ALL SELECT 'the grants on schema ' || n.nspname FROM pg_namespace n
  WHERE {schemas} AND n.nspacl IS DISTINCT FROM (SELECT i.initprivs FROM pg_init_privs i
    WHERE i.objoid = n.oid AND i.classoid = 'pg_namespace'::regclass)
UNION ALL SELECT 'the default privileges of ' || d.defaclrole::regrole FROM pg_default_acl d
UNION ALL SELECT 'the owner of ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {relations} AND c.relkind <> 't' AND c.relowner <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)
UNION ALL SELECT 'the owner of ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE {schemas} AND p.proowner <> (SELECT r.oid FROM pg_roles r
    WHERE r.rolname = current_user) AND NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.deptype = 'e' AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL SELECT 'the settings of the database' FROM pg_db_role_setting s
  JOIN pg_database b ON b.oid = s.setdatabase WHERE b.datname = current_database()
  -- A scratch database has this one.
  AND s.setconfig <> '{synchronous_commit=off}'
UNION ALL SELECT 'large objects' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
UNION ALL SELECT 'the owner of schema ' || n.nspname FROM pg_namespace n
  WHERE {schemas} AND n.nspowner <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)
  AND NOT (n.nspname = 'public' AND (n.nspowner = 10 OR n.nspowner::regrole::text = 'pg_database_owner'))
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
UNION ALL SELECT 'the owner of type ' || t.oid::regtype FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE {schemas} AND t.typtype IN ('b', 'd', 'e', 'r') AND t.typcategory <> 'A'
  AND t.typowner <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND e.classid = 'pg_type'::regclass AND e.objid = t.oid)
-- What initdb makes has lower numbers: https://www.postgresql.org/docs/current/system-catalog-initial-data.html
UNION ALL SELECT format('the cast from %s to %s', k.castsource::regtype, k.casttarget::regtype) FROM pg_cast k
  WHERE k.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_cast'::regclass AND e.objid = k.oid)
UNION ALL SELECT 'the text search ' || o.what FROM (
    SELECT 'pg_ts_dict'::regclass AS classid, oid, dictnamespace AS nspoid, 'dictionary ' || dictname AS what FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace, 'configuration ' || cfgname FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_parser'::regclass, oid, prsnamespace, 'parser ' || prsname FROM pg_ts_parser
    UNION ALL SELECT 'pg_ts_template'::regclass, oid, tmplnamespace, 'template ' || tmplname FROM pg_ts_template) o
  JOIN pg_namespace n ON n.oid = o.nspoid
  WHERE {schemas} AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = o.classid AND e.objid = o.oid)
UNION ALL SELECT 'the order of table ' || c.oid::regclass FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {relations} AND i.indisclustered
UNION ALL SELECT 'that index ' || i.indexrelid::regclass || ' is not on all partitions, or not valid' FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {relations} AND c.relkind <> 't' AND NOT i.indisvalid
UNION ALL SELECT 'that ' || c.oid::regclass || ' has no data' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {relations} AND c.relkind = 'm' AND NOT c.relispopulated
ORDER BY 1
