SELECT 'p' || p.oid, format('%I.%I.%I', n.nspname, c.relname, p.polname),
  format('CREATE POLICY %I ON %I.%I%s%s TO %s', p.polname, n.nspname, c.relname,
    CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
      WHEN 'd' THEN ' FOR DELETE' ELSE '' END,
    (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ') FROM unnest(p.polroles) r))
  || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
  || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {relations}
