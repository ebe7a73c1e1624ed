-- The parts of every index of every ordinary table, in order. `origin` is c for CREATE INDEX, u for
-- a unique constraint and pk for the primary key; an expression has no column name.
SELECT l.name AS table_name, i.name AS index_name, i.origin AS origin, i."unique" AS is_unique,
       x.name AS column_name, x."desc" AS is_descending, x.coll AS collation_name,
       s.sql AS definition
FROM pragma_table_list AS l, pragma_index_list(l.name, 'main') AS i,
     pragma_index_xinfo(i.name, 'main') AS x
LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = i.name
WHERE l.schema = 'main' AND l.type = 'table' AND x."key" = 1
ORDER BY l.name, i.seq DESC, x.seqno
