SELECT 'u' || w.oid, format('%I.%I.%I', n.nspname, c.relname, w.rulename),
  rtrim(pg_get_ruledef(w.oid), ';')
  || CASE w.ev_enabled WHEN 'O' THEN '' ELSE format(E';\nALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname,
       CASE w.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, w.rulename) END
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE w.rulename <> '_RETURN' AND {relations}
