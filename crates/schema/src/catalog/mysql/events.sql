-- The events of database ?, with what they keep of the session that made them. A start at the moment
-- of creation was not asked for.
SELECT EVENT_NAME AS name, TIME_ZONE AS time_zone,
       COALESCE(STARTS BETWEEN CREATED - INTERVAL 1 SECOND AND CREATED + INTERVAL 1 SECOND, FALSE)
         AS starts_at_once,
       SQL_MODE AS sql_mode,
       CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection
FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = ?
ORDER BY EVENT_NAME
