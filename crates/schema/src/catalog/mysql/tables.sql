-- The tables of database ?.
SELECT TABLE_NAME AS table_name, ENGINE AS engine, TABLE_COLLATION AS table_collation,
       TABLE_COMMENT AS comment
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
