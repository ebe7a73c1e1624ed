-- The columns of every ordinary table, in order. `hidden` is 2 for a virtual and 3 for a stored
-- generated column.
SELECT l.name AS table_name, x.name AS column_name, x.type AS data_type,
       x."notnull" = 0 AS nullable, x.dflt_value AS default_value, x.hidden AS hidden,
       x.pk AS key_position
FROM pragma_table_list AS l, pragma_table_xinfo(l.name, 'main') AS x
WHERE l.schema = 'main' AND l.type = 'table'
ORDER BY l.name, x.cid
