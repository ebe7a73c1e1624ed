-- The column pairs of every foreign key of every ordinary table. SQLite numbers the keys of a table
-- against the order of their declaration; a reference to the primary key may name no column.
SELECT l.name AS table_name, f.id AS id, f."from" AS column_name, f."table" AS referenced_table,
       f."to" AS referenced_column, f.on_delete AS on_delete, f.on_update AS on_update
FROM pragma_table_list AS l, pragma_foreign_key_list(l.name, 'main') AS f
WHERE l.schema = 'main' AND l.type = 'table'
ORDER BY l.name, f.id DESC, f.seq
