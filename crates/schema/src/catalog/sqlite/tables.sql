-- The ordinary tables of the main database, with the statements that made them.
SELECT l.name AS table_name, l.wr AS without_rowid, l.strict AS strict, s.sql AS definition
FROM pragma_table_list AS l
JOIN sqlite_schema AS s ON s.type = 'table' AND s.name = l.name
WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
