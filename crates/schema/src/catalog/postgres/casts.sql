-- The casts from one type to another; those from a type to itself only fit lengths.
SELECT format_type(x.castsource, NULL)  AS source,
       format_type(x.casttarget, NULL)  AS target,
       x.castcontext <> 'e'             AS assigns,
       -- The server's own objects have lower numbers.
       x.oid >= 16384 AND NOT EXISTS (
         SELECT FROM pg_depend e WHERE e.classid = 'pg_cast'::regclass AND e.objid = x.oid AND e.deptype = 'e'
       )                                AS is_own
FROM pg_cast x
WHERE x.castsource <> x.casttarget
