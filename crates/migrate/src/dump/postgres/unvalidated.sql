-- Within CREATE TABLE a check is valid whatever it says, and CREATE DOMAIN takes none that is not.
SELECT 'k' || k.oid, format('%I.%I.%I', n.nspname, c.relname, k.conname),
  format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'c' AND NOT k.convalidated AND k.conislocal AND k.conparentid = 0 AND {relations}
UNION ALL
SELECT 'k' || k.oid, format('%I.%I.%I', n.nspname, t.typname, k.conname),
  format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE k.contype = 'c' AND NOT k.convalidated AND {schemas}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.classid = 'pg_type'::regclass AND e.objid = t.oid)
