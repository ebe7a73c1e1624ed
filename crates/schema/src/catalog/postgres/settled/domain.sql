SELECT format_type(t.typbasetype, t.typtypmod)
       || CASE WHEN t.typcollation <> b.typcollation AND t.typcollation <> 0
               THEN ' COLLATE ' || t.typcollation::regcollation ELSE '' END
       || COALESCE(E'\n    DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
       || CASE WHEN t.typnotnull THEN E'\n    NOT NULL' ELSE '' END
       || COALESCE((SELECT string_agg(
            format(E'\n    CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)),
            '' ORDER BY k.conname)
          FROM pg_constraint k
          WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.oid = 'pg_temp.settled'::regtype
