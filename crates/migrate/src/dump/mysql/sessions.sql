SELECT kind, CONVERT(name USING utf8mb4), CONVERT(mode USING utf8mb4), CONVERT(zone USING utf8mb4),
  CONVERT(charset USING utf8mb4), CONVERT(collation USING utf8mb4), CONVERT(@@sql_mode USING utf8mb4),
  CONVERT(@@time_zone USING utf8mb4), CONVERT(@@character_set_client USING utf8mb4),
  CONVERT(@@collation_connection USING utf8mb4)
FROM (
  SELECT CONVERT(LOWER(routine_type) USING utf8mb4) AS kind, routine_name AS name, sql_mode AS mode,
    @@time_zone AS zone, character_set_client AS charset, collation_connection AS collation
  FROM information_schema.routines WHERE routine_schema = DATABASE()
  UNION ALL SELECT _utf8mb4 'trigger', trigger_name, sql_mode, @@time_zone, character_set_client, collation_connection
  FROM information_schema.triggers WHERE trigger_schema = DATABASE()
  UNION ALL SELECT _utf8mb4 'event', event_name, sql_mode, time_zone, character_set_client, collation_connection
  FROM information_schema.events WHERE event_schema = DATABASE()
  UNION ALL SELECT _utf8mb4 'view', table_name, @@sql_mode, @@time_zone, character_set_client, collation_connection
  FROM information_schema.views WHERE table_schema = DATABASE()
) made ORDER BY 1, 2
