-- MySQL: the columns of every table of database ?, in order.
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, COLUMN_TYPE AS column_type,
       DATA_TYPE AS data_type, IS_NULLABLE = 'YES' AS nullable, COLUMN_DEFAULT AS default_value,
       EXTRA AS extra, GENERATION_EXPRESSION AS generation_expression,
       COLLATION_NAME AS collation_name, COLUMN_COMMENT AS comment,
       CAST(SRS_ID AS CHAR) AS srid
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = ?
ORDER BY TABLE_NAME, ORDINAL_POSITION
