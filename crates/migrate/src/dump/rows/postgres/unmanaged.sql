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
UNION ALL SELECT 'large objects' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
ORDER BY 1
