SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relforcerowsecurity AND {relations}
  AND pg_has_role(c.relowner, 'USAGE')
ORDER BY 1
