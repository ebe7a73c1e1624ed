-- Whether anything of what kept.sql tells may be there. To plan that question takes longer than most answers, and in
-- most databases the answer is empty. It may be said too often, never too seldom.
SELECT EXISTS (SELECT FROM pg_policy) OR EXISTS (SELECT FROM pg_statistic_ext) OR EXISTS (SELECT FROM pg_publication_rel)
    OR EXISTS (SELECT FROM pg_class c WHERE c.oid >= 16384
               AND (c.relacl IS NOT NULL OR c.relowner <> r.oid OR c.reltablespace <> 0 OR c.relkind = 'm'
                    OR c.relrowsecurity OR c.relforcerowsecurity OR c.relkind = 'r' AND c.relreplident <> 'd'))
    OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid >= 16384 AND (i.indisreplident OR i.indisclustered))
    OR EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
               WHERE a.attrelid >= 16384 AND (a.attacl IS NOT NULL OR a.attstattarget >= 0 AND c.relkind = 'i'))
    OR EXISTS (SELECT FROM pg_proc p WHERE p.oid >= 16384 AND (p.proacl IS NOT NULL OR p.proowner <> r.oid))
    OR EXISTS (SELECT FROM pg_type t WHERE t.oid >= 16384 AND (t.typacl IS NOT NULL OR t.typowner <> r.oid))
    OR EXISTS (SELECT FROM pg_namespace n WHERE n.oid >= 16384 AND (n.nspacl IS NOT NULL OR n.nspowner <> r.oid))
FROM pg_roles r WHERE r.rolname = current_user
