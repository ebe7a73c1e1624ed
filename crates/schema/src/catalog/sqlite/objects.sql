-- Every object of the main database that has a statement, and the table it belongs to; what SQLite
-- makes for itself (sqlite_sequence, the indexes of constraints) has none, or a name of its own.
SELECT type AS kind, name, tbl_name AS owner, sql AS statement
FROM sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
