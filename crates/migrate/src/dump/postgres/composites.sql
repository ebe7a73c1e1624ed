SELECT 'r' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('CREATE TYPE %I.%I AS (%s)', n.nspname, c.relname,
    (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
       || CASE WHEN a.attcollation <> y.typcollation AND a.attcollation <> 0
            THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
       ', ' ORDER BY a.attnum)
     FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'c' AND {relations}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_type'::regclass AND e.objid = c.reltype)
