SELECT DISTINCT CONVERT(CONCAT('the grants on ', LOWER(routine_type), ' ', routine_name) USING utf8mb4) FROM mysql.procs_priv
WHERE db = DATABASE() AND CONCAT(user, '@', host) <> CURRENT_USER()
ORDER BY 1
