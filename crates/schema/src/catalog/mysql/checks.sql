-- MySQL: the checks of every table of database ?, the current one. Their names are unique in it. Joined
-- as views, the two take time with the square of the number of tables.
SELECT /*+ NO_MERGE(c) NO_MERGE(t) */
       t.TABLE_NAME AS table_name, c.CONSTRAINT_NAME AS constraint_name,
       c.CHECK_CLAUSE AS expression, t.ENFORCED = 'YES' AS enforced, FALSE AS is_of_column
FROM (SELECT CONSTRAINT_NAME, CHECK_CLAUSE
      FROM information_schema.CHECK_CONSTRAINTS
      WHERE CONSTRAINT_SCHEMA = ?) c
JOIN (SELECT CONSTRAINT_NAME, TABLE_NAME, ENFORCED
      FROM information_schema.TABLE_CONSTRAINTS
      WHERE CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'CHECK') t
  ON t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
