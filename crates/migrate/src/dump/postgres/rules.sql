SELECT 'u' || w.oid, format('%I.%I.%I', n.nspname, c.relname, w.rulename),
  rtrim(pg_get_ruledef(w.oid), ';')
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE w.rulename <> '_RETURN' AND {relations}
