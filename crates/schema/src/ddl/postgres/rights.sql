-- keeps the owners of what is made anew below, and what is granted on it
SELECT set_config('migrate.kept', '--' || coalesce(string_agg(E'\n' || sql || ';', '' ORDER BY object, step), ''), false)
FROM (VALUES
    {objects}
) AS anew (kind, oid, object)
CROSS JOIN LATERAL (
    SELECT relowner AS owner, relacl AS acl FROM pg_class c WHERE kind = 'r' AND c.oid = anew.oid
    UNION ALL SELECT proowner, proacl FROM pg_proc p WHERE kind = 'f' AND p.oid = anew.oid
    UNION ALL SELECT typowner, typacl FROM pg_type t WHERE kind = 'T' AND t.oid = anew.oid
) AS was
CROSS JOIN LATERAL (
    SELECT 1 AS step, format('ALTER %s OWNER TO %s', object, owner::regrole) AS sql
    WHERE pg_get_userbyid(owner) <> current_user
    UNION ALL
    SELECT 2, format('REVOKE ALL ON %s FROM %s', object, CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END)
    FROM (SELECT 0::oid AS role UNION SELECT owner
          UNION SELECT g.grantee FROM pg_default_acl d, aclexplode(d.defaclacl) g) AS roles
    WHERE acl IS NOT NULL OR EXISTS (SELECT FROM pg_default_acl)
    UNION ALL
    SELECT 3, format('GRANT %s ON %s TO %s%s', string_agg(privilege_type, ', '), object,
                     CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                     CASE WHEN is_grantable AND grantee <> owner THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM aclexplode(coalesce(acl, acldefault(kind::"char", owner)))
    WHERE acl IS NOT NULL OR EXISTS (SELECT FROM pg_default_acl)
    GROUP BY grantee, is_grantable
) AS again
