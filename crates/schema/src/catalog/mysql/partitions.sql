-- By what a table of a database is cut: the same for each of its parts.
SELECT PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression,
       SUBPARTITION_METHOD AS sub_method, SUBPARTITION_EXPRESSION AS sub_expression
FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
LIMIT 1
