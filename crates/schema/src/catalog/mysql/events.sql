-- The events of database ?, with what they keep of the session that made them, and how long after it their
-- times are. Their times are shown in their own time zone, the moment of creation in that of the session.
SELECT EVENT_NAME AS name, TIME_ZONE AS time_zone,
       TIMESTAMPDIFF(SECOND, CONVERT_TZ(CREATED, @@time_zone, TIME_ZONE), EXECUTE_AT) AS executes_after,
       TIMESTAMPDIFF(SECOND, CONVERT_TZ(CREATED, @@time_zone, TIME_ZONE), STARTS) AS starts_after,
       TIMESTAMPDIFF(SECOND, CONVERT_TZ(CREATED, @@time_zone, TIME_ZONE), ENDS) AS ends_after,
       CAST(SECOND(CREATED) AS SIGNED) AS created_second,
       COALESCE(COALESCE(EXECUTE_AT, ENDS) < CONVERT_TZ(NOW(), @@time_zone, TIME_ZONE), FALSE) AS is_over,
       SQL_MODE AS sql_mode,
       CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection
FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = ?
ORDER BY EVENT_NAME
