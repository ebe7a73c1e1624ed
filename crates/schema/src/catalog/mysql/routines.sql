-- The functions and procedures of database ?, with what they keep of the session that made them.
SELECT ROUTINE_NAME AS name, ROUTINE_TYPE = 'FUNCTION' AS is_function, SQL_MODE AS sql_mode,
       CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
ORDER BY ROUTINE_NAME
