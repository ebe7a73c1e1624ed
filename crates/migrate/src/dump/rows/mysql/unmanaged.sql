SELECT CONVERT(CONCAT('the grants on ', table_name) USING utf8mb4) FROM information_schema.table_privileges
  WHERE table_schema = DATABASE()
UNION SELECT CONVERT(CONCAT('the definer of view ', table_name) USING utf8mb4) FROM information_schema.views
  WHERE table_schema = DATABASE() AND definer <> CURRENT_USER()
UNION SELECT CONVERT(CONCAT('the definer of routine ', routine_name) USING utf8mb4) FROM information_schema.routines
  WHERE routine_schema = DATABASE() AND definer <> CURRENT_USER()
UNION SELECT CONVERT(CONCAT('the definer of trigger ', trigger_name) USING utf8mb4) FROM information_schema.triggers
  WHERE trigger_schema = DATABASE() AND definer <> CURRENT_USER()
UNION SELECT CONVERT(CONCAT('the definer of event ', event_name) USING utf8mb4) FROM information_schema.events
  WHERE event_schema = DATABASE() AND definer <> CURRENT_USER()
UNION SELECT CONVERT(CONCAT('the grants on columns of ', table_name) USING utf8mb4)
  FROM information_schema.column_privileges WHERE table_schema = DATABASE()
UNION SELECT CONVERT(CONCAT('the grants on the database to ', grantee) USING utf8mb4)
  FROM information_schema.schema_privileges WHERE table_schema = DATABASE()
ORDER BY 1
