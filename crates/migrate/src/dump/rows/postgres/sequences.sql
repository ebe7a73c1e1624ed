SELECT format('%I.%I', n.nspname, c.relname), s.seqstart::text
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {relations}
ORDER BY 1
