-- The views of database ?, with what they keep of the session that made them.
SELECT TABLE_NAME AS name,
       CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection
FROM information_schema.VIEWS
WHERE TABLE_SCHEMA = ?
ORDER BY TABLE_NAME
