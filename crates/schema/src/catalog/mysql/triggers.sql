-- The triggers of database ?, those of one event in the order in which they run, with what they keep
-- of the session that made them.
SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS table_name,
       CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION) AS event, SQL_MODE AS sql_mode,
       CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection
FROM information_schema.TRIGGERS
WHERE TRIGGER_SCHEMA = ?
ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER
