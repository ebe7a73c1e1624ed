-- MariaDB: the sequences of database ?. How they count stands in each of them.
SELECT TABLE_NAME AS name, TABLE_COMMENT AS comment
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE'
ORDER BY TABLE_NAME
