-- The virtual tables, and the tables in which they keep what they hold.
SELECT name, type AS kind
FROM pragma_table_list
WHERE schema = 'main' AND type IN ('virtual', 'shadow')
