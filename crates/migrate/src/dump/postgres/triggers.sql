SELECT 'g' || g.oid, format('%I.%I.%I', n.nspname, c.relname, g.tgname), pg_get_triggerdef(g.oid)
  || CASE g.tgenabled WHEN 'O' THEN '' ELSE format(E';\nALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname,
       CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, g.tgname) END
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND {relations}
