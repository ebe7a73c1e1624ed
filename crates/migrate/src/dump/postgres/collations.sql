SELECT 'o' || l.oid, format('%I.%I', n.nspname, l.collname),
  format('CREATE COLLATION %I.%I (provider = %s%s%s%s)', n.nspname, l.collname,
    CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
    -- These have other names in newer versions, or are not there in older ones.
    CASE WHEN l.collprovider IN ('b', 'i')
      THEN format(', locale = %L', COALESCE(r ->> 'colllocale', r ->> 'colliculocale', r ->> 'collcollate'))
      ELSE format(', lc_collate = %L, lc_ctype = %L', r ->> 'collcollate', r ->> 'collctype') END,
    CASE WHEN l.collisdeterministic THEN '' ELSE ', deterministic = false' END,
    COALESCE(', rules = ' || quote_literal(NULLIF(r ->> 'collicurules', '')), ''))
FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace CROSS JOIN LATERAL to_jsonb(l) r
WHERE {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_collation'::regclass AND e.objid = l.oid)
