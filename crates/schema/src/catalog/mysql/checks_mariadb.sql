-- MariaDB: the checks of every table of database ?. Their names are unique in a table.
SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS constraint_name,
       CHECK_CLAUSE AS expression, TRUE AS enforced,
       LEVEL = 'Column' AS is_of_column
FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = ?
