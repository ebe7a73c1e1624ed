-- What an INSERT into a view takes for a column that it does not name.
SELECT 'a' || v.oid, format('%I.%I.%I', n.nspname, c.relname, a.attname),
  format('ALTER VIEW %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname, a.attname,
    pg_get_expr(v.adbin, v.adrelid))
FROM pg_attrdef v JOIN pg_attribute a ON a.attrelid = v.adrelid AND a.attnum = v.adnum
JOIN pg_class c ON c.oid = v.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND {relations}
