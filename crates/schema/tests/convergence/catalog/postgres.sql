-- Everything that the server prints of itself, a line each.
WITH space AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relation AS (
  SELECT c.* FROM pg_class c JOIN space s ON s.oid = c.relnamespace
)
SELECT line FROM (
  SELECT format('schema %s %s', nspname, obj_description(oid, 'pg_namespace')) AS line FROM space
  UNION ALL
  SELECT format('relation %s %s %s %s %s', c.oid::regclass, c.relkind, c.relpersistence,
                (SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o), c.relreplident)
  FROM relation c
  UNION ALL
  SELECT format('column %s.%s %s %s %s %s %s %s %s %s %s %s', c.oid::regclass, a.attname,
                format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
                a.attcompression, a.attstattarget, a.attoptions, a.attcollation::regcollation,
                pg_get_expr(d.adbin, d.adrelid))
  FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relkind NOT IN ('i', 'S')
  UNION ALL
  SELECT format('constraint %s.%s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
  FROM pg_constraint k JOIN space s ON s.oid = k.connamespace
  UNION ALL
  SELECT format('index %s %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
  FROM pg_index i JOIN relation c ON c.oid = i.indrelid
  UNION ALL
  SELECT format('view %s %s', c.oid::regclass, pg_get_viewdef(c.oid)) FROM relation c WHERE c.relkind IN ('v', 'm')
  UNION ALL
  SELECT format('trigger %s %s', pg_get_triggerdef(g.oid), g.tgenabled)
  FROM pg_trigger g JOIN relation c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT format('rule %s %s', pg_get_ruledef(w.oid), w.ev_enabled) FROM pg_rewrite w JOIN relation c ON c.oid = w.ev_class
  UNION ALL
  SELECT format('routine %s', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
  WHERE p.prokind <> 'a'
  UNION ALL
  SELECT format('sequence %s %s %s %s %s %s %s %s %s', q.seqrelid::regclass, q.seqtypid::regtype, q.seqstart,
                q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle,
                (SELECT string_agg(format('%s.%s %s', d.refobjid::regclass, a.attname, d.deptype), ' ')
                 FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                 WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
  FROM pg_sequence q JOIN relation c ON c.oid = q.seqrelid
  UNION ALL
  SELECT format('type %s %s %s %s %s', t.oid::regtype, t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
                t.typdefault)
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace WHERE t.typtype IN ('d', 'c', 'e', 'r')
  UNION ALL
  SELECT format('enum %s %s', e.enumtypid::regtype, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
  FROM pg_enum e GROUP BY e.enumtypid
  UNION ALL
  SELECT format('comment %s %s', (pg_identify_object(m.classoid, m.objoid, m.objsubid)).identity, m.description)
  FROM pg_description m WHERE m.objoid >= 16384
  UNION ALL
  SELECT format('extension %s %s', extname, extnamespace::regnamespace) FROM pg_extension
) all_of_it
ORDER BY line
