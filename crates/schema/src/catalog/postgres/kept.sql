-- What belongs to objects and is not managed, each with the statements that make it, and the one that takes it
-- off where it does not go with what it belongs to; NULL as schema is the current one ($1).
WITH member AS (
  SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e'
), space AS (
  SELECT n.* FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), relation AS (
  SELECT c.*, NULLIF(s.nspname, $1)::text AS schema,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                        ELSE 'table' END AS kind
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'S') AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
), index AS (
  SELECT r.kind, r.schema, r.relname::text AS name, r.oid AS of, i.*, x.reltablespace, x.relname::text AS index_name,
         CASE WHEN r.kind <> 'table' THEN NULL WHEN k.oid IS NULL THEN 'index' ELSE 'constraint' END AS on_kind,
         COALESCE(k.conname, x.relname)::text AS on_part
  FROM relation r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid
  LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
), owned AS (
  SELECT d.objid, r.schema, r.relname::text AS name
  FROM pg_depend d JOIN relation r ON r.oid = d.refobjid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
    AND d.deptype IN ('a', 'i')
), object (kind, schema, name, label, on_kind, on_part, words, target, owner, acl, type) AS (
  SELECT r.kind, r.schema, r.relname::text, 'rights', NULL, NULL, format('TABLE %s', r.oid::regclass),
         format('%s %s', CASE r.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, r.oid::regclass),
         r.relowner, r.relacl, CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END
  FROM relation r WHERE NOT EXISTS (SELECT FROM owned o WHERE o.objid = r.oid)
  UNION ALL
  SELECT 'table', o.schema, o.name, 'rights of sequence ' || r.relname, 'sequence', r.relname::text, NULL,
         format('SEQUENCE %s', r.oid::regclass), r.relowner, r.relacl, 's'
  FROM relation r JOIN owned o ON o.objid = r.oid WHERE r.relkind = 'S'
  UNION ALL
  SELECT k.kind, NULLIF(s.nspname, $1)::text, format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)), 'rights',
         NULL, NULL, format('%s %s', upper(k.kind), p.oid::regprocedure),
         format('%s %s', upper(k.kind), p.oid::regprocedure), p.proowner, p.proacl, 'f'
  FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
  CROSS JOIN LATERAL (SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind) k
  WHERE p.prokind <> 'a'
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
  UNION ALL
  SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END, NULLIF(s.nspname, $1)::text,
         t.typname::text, 'rights', NULL, NULL, format('TYPE %s', t.oid::regtype), format('TYPE %s', t.oid::regtype),
         t.typowner, t.typacl, 'T'
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE (t.typtype IN ('e', 'd') OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
  UNION ALL
  SELECT 'schema', NULL, s.nspname::text, 'rights', NULL, NULL, format('SCHEMA %I', s.nspname),
         format('SCHEMA %I', s.nspname), s.nspowner, s.nspacl, 'n'
  FROM space s WHERE s.nspname NOT IN ('public', $1)
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = s.oid)
)
SELECT kind, schema AS schema_name, name AS local_name, label, on_kind, on_part, statements, drop_statement
FROM (
  SELECT o.kind, o.schema, o.name, o.label, o.on_kind, o.on_part,
         ARRAY(SELECT format('ALTER %s OWNER TO %s', o.words, o.owner::regrole)
               WHERE o.words IS NOT NULL AND pg_get_userbyid(o.owner) <> current_user)
         || ARRAY(SELECT format('REVOKE ALL ON %s FROM %s', o.target,
                                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
                  FROM (SELECT 0::oid AS grantee WHERE o.type IN ('f', 'T')
                        UNION SELECT o.owner WHERE own.lacks
                        UNION SELECT x.grantee FROM pg_default_acl d, aclexplode(d.defaclacl) x
                        WHERE d.defaclobjtype = CASE o.type WHEN 's' THEN 'S' ELSE o.type END::"char") g
                  WHERE o.acl IS NOT NULL ORDER BY 1)
         || ARRAY(SELECT format('GRANT %s ON %s TO %s%s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type),
                                o.target, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
                                CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                  FROM aclexplode(o.acl) g WHERE g.grantee <> o.owner OR own.lacks
                  GROUP BY g.grantee, g.is_grantable ORDER BY 1)                 AS statements,
         ''                                                                     AS drop_statement
  FROM object o CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM aclexplode(acldefault(o.type::"char", o.owner)) d
                   WHERE d.grantee = o.owner AND o.acl IS NOT NULL
                     AND NOT EXISTS (SELECT FROM aclexplode(o.acl) g
                                     WHERE (g.grantee, g.privilege_type) = (d.grantee, d.privilege_type))) AS lacks
  ) own
  WHERE o.acl IS NOT NULL OR pg_get_userbyid(o.owner) <> current_user
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'rights of ' || a.attname,
         'column', a.attname::text,
         ARRAY(SELECT format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname, r.oid::regclass,
                             CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
                             CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
               FROM aclexplode(a.attacl) g ORDER BY 1), ''
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'row security', NULL, NULL,
         ARRAY(SELECT format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r.oid::regclass) WHERE r.relrowsecurity)
         || ARRAY(SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', r.oid::regclass) WHERE r.relforcerowsecurity), ''
  FROM relation r WHERE r.relrowsecurity OR r.relforcerowsecurity
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'policy ' || p.polname, NULL, NULL,
         ARRAY[format('CREATE POLICY %I ON %s%s FOR %s TO %s%s%s', p.polname, r.oid::regclass,
                CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                              WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ')
                 FROM unnest(p.polroles) role),
                E'\n    USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                E'\n    WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')]
         || ARRAY(SELECT format('COMMENT ON POLICY %I ON %s IS %L', p.polname, r.oid::regclass, m.description)
                  FROM pg_description m WHERE m.classoid = 'pg_policy'::regclass AND m.objoid = p.oid),
         format('DROP POLICY %I ON %s', p.polname, r.oid::regclass)
  FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'statistics ' || x.stxname, NULL, NULL,
         ARRAY[format('CREATE STATISTICS %s%s', q.name,
                      substr(pg_get_statisticsobjdef(x.oid), length(format('CREATE STATISTICS %I.%I', s.nspname, x.stxname)) + 1))]
         || ARRAY(SELECT format('ALTER STATISTICS %s SET STATISTICS %s', q.name, x.stxstattarget) WHERE x.stxstattarget >= 0)
         || ARRAY(SELECT format('COMMENT ON STATISTICS %s IS %L', q.name, m.description)
                  FROM pg_description m WHERE m.classoid = 'pg_statistic_ext'::regclass AND m.objoid = x.oid),
         format('DROP STATISTICS %s', q.name)
  FROM pg_statistic_ext x JOIN relation r ON r.oid = x.stxrelid JOIN space s ON s.oid = x.stxnamespace
  CROSS JOIN LATERAL (SELECT CASE s.nspname WHEN $1 THEN quote_ident(x.stxname)
                             ELSE format('%I.%I', s.nspname, x.stxname) END AS name) q
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'publication ' || b.pubname, NULL, NULL,
         ARRAY[format('ALTER PUBLICATION %I ADD TABLE %s%s%s', b.pubname, r.oid::regclass,
                (SELECT format(' (%s)', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum))
                 FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum = ANY (p.attributes::int2[])
                 HAVING count(*) > 0),
                ' WHERE (' || pg_get_expr(p.condition, r.oid) || ')')],
         format('ALTER PUBLICATION %I DROP TABLE %s', b.pubname, r.oid::regclass)
  -- A column of the catalog that only newer servers have is found in `older` by those that lack it.
  FROM (SELECT NULL::int2vector AS prattrs, NULL::pg_node_tree AS prqual) older
  CROSS JOIN LATERAL (SELECT p.*, prattrs AS attributes, prqual AS condition FROM pg_publication_rel p) p
  JOIN relation r ON r.oid = p.prrelid JOIN pg_publication b ON b.oid = p.prpubid
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'replica identity', NULL, NULL,
         ARRAY[format('ALTER TABLE %s REPLICA IDENTITY %s', r.oid::regclass,
                      CASE r.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)], ''
  FROM relation r WHERE r.relreplident IN ('f', 'n') AND r.relkind = 'r'
  UNION ALL
  SELECT i.kind, i.schema, i.name, 'replica identity', i.on_kind, i.on_part,
         ARRAY[format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', i.of::regclass, i.index_name)], ''
  FROM index i WHERE i.indisreplident
  UNION ALL
  SELECT i.kind, i.schema, i.name, 'clustering', i.on_kind, i.on_part,
         ARRAY[format('ALTER %s %s CLUSTER ON %I', upper(i.kind), i.of::regclass, i.index_name)], ''
  FROM index i WHERE i.indisclustered
  UNION ALL
  SELECT i.kind, i.schema, i.name, 'tablespace of ' || i.index_name, i.on_kind, i.on_part,
         ARRAY[format('ALTER INDEX %s SET TABLESPACE %I', i.indexrelid::regclass, t.spcname)], ''
  FROM index i JOIN pg_tablespace t ON t.oid = i.reltablespace
  UNION ALL
  SELECT i.kind, i.schema, i.name, 'statistics of ' || i.index_name, i.on_kind, i.on_part,
         array_agg(format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', i.indexrelid::regclass, a.attnum, a.attstattarget)
                   ORDER BY a.attnum), ''
  FROM index i JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attstattarget >= 0
  WHERE i.on_kind IS DISTINCT FROM 'index'
  GROUP BY i.kind, i.schema, i.name, i.index_name, i.on_kind, i.on_part
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'tablespace', NULL, NULL,
         ARRAY[format('ALTER %s %s SET TABLESPACE %I', upper(r.kind), r.oid::regclass, t.spcname)], ''
  FROM relation r JOIN pg_tablespace t ON t.oid = r.reltablespace WHERE r.relkind IN ('r', 'm')
  UNION ALL
  SELECT r.kind, r.schema, r.relname::text, 'settings of columns', NULL, NULL,
         array_agg(format('ALTER MATERIALIZED VIEW %s ALTER COLUMN %I SET %s', r.oid::regclass, a.attname, s.setting)
                   ORDER BY a.attnum, s.setting), ''
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 JOIN pg_type y ON y.oid = a.atttypid
  CROSS JOIN LATERAL (
    SELECT format('STATISTICS %s', a.attstattarget) AS setting WHERE a.attstattarget >= 0
    UNION ALL SELECT format('(%s)', array_to_string(a.attoptions, ', ')) WHERE a.attoptions IS NOT NULL
    UNION ALL SELECT 'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                                     WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END
    WHERE a.attstorage <> y.typstorage
    -- Read as JSON, since servers before 14 have no such column.
    UNION ALL SELECT 'COMPRESSION ' || CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' ELSE 'lz4' END
    WHERE to_jsonb(a) ->> 'attcompression' IN ('p', 'l')
  ) s
  WHERE r.relkind = 'm' GROUP BY r.kind, r.schema, r.relname, r.oid
) kept
WHERE cardinality(statements) > 0
