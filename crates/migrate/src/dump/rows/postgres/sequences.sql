SELECT format('%I.%I', n.nspname, c.relname),
  format('SELECT pg_catalog.setval(%L, %s, true)', format('%I.%I', n.nspname, c.relname), s.last_value)
FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
WHERE s.last_value IS NOT NULL AND {relations}
ORDER BY 1
