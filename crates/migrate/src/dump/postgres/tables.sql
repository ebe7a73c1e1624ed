SELECT 'r' || c.oid, format('%I.%I', n.nspname, c.relname),
  format('CREATE %sTABLE %I.%I', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
    n.nspname, c.relname)
  || CASE WHEN c.relispartition THEN (SELECT format(' PARTITION OF %s', i.inhparent::regclass)
       FROM pg_inherits i WHERE i.inhrelid = c.oid)
     WHEN c.reloftype <> 0 THEN ' OF ' || c.reloftype::regtype ELSE '' END
  || CASE WHEN (c.relispartition OR c.reloftype <> 0) AND parts.list IS NULL THEN ''
       ELSE E' (\n' || coalesce(parts.list, '') || E'\n)' END
  || CASE WHEN c.relispartition THEN ' ' || pg_get_expr(c.relpartbound, c.oid) ELSE
       coalesce((SELECT ' INHERITS (' || string_agg(i.inhparent::regclass::text, ', '
         ORDER BY i.inhseqno) || ')' FROM pg_inherits i WHERE i.inhrelid = c.oid), '') END
  || CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
  || CASE WHEN h.amname <> 'heap' THEN format(' USING %I', h.amname) ELSE '' END
  || coalesce(' WITH (' || (SELECT string_agg(option, ', ' ORDER BY option) FROM (
       SELECT unnest(c.reloptions) AS option
       UNION ALL SELECT 'toast.' || unnest(o.reloptions)) options) || ')', '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am h ON h.oid = c.relam
LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
CROSS JOIN LATERAL (SELECT string_agg('    ' || part.text, E',\n' ORDER BY part.place, part.name) FROM (
  SELECT a.attnum::int AS place, '' AS name,
    format('%I', a.attname)
    || CASE WHEN c.relispartition THEN '' WHEN c.reloftype <> 0 THEN ' WITH OPTIONS'
         ELSE ' ' || format_type(a.atttypid, a.atttypmod) END
    || CASE WHEN a.attcollation <> y.typcollation AND a.attcollation <> 0 AND NOT c.relispartition
         AND c.reloftype = 0 THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END
    || CASE a.attgenerated
         WHEN 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(v.adbin, v.adrelid))
         WHEN 'v' THEN format(' GENERATED ALWAYS AS (%s)', pg_get_expr(v.adbin, v.adrelid))
         ELSE coalesce(' DEFAULT ' || pg_get_expr(v.adbin, v.adrelid), '') END
    || CASE WHEN a.attidentity = '' THEN '' ELSE (SELECT format(
         ' GENERATED %s AS IDENTITY (SEQUENCE NAME %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s)',
         CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.seqrelid::regclass,
         s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
         CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
       FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
         AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i') END
    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS text
  FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
  LEFT JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND (a.attislocal AND (c.reloftype = 0 OR v.oid IS NOT NULL OR a.attnotnull OR a.attidentity <> '')
         OR c.relispartition AND (v.oid IS NOT NULL AND a.attgenerated = '' OR a.attnotnull))
  UNION ALL
  SELECT CASE k.contype WHEN 'p' THEN 2000 WHEN 'u' THEN 2001 WHEN 'x' THEN 2003 ELSE 2002 END, k.conname::text,
    format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k
  WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'x') AND k.conislocal AND k.conparentid = 0
    AND (k.contype <> 'c' OR k.convalidated)
) part) parts (list)
WHERE c.relkind IN ('r', 'p') AND {relations}
