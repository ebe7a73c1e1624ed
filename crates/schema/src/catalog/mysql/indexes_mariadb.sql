-- MariaDB: the parts of every index of database ?, in order. It indexes no expressions.
SELECT TABLE_NAME AS table_name, INDEX_NAME AS index_name, NON_UNIQUE = 0 AS is_unique,
       COLUMN_NAME AS column_name, NULL AS expression, COLLATION = 'D' AS is_descending,
       SUB_PART AS prefix, INDEX_TYPE AS method, IGNORED = 'NO' AS is_usable,
       INDEX_COMMENT AS comment
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ?
ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
