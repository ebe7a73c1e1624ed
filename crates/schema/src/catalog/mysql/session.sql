-- Who answers, the current database, and the settings that routines, triggers, events and views keep.
SELECT VERSION() AS version, DATABASE() AS current_database,
       (SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA
        WHERE SCHEMA_NAME = DATABASE()) AS default_collation,
       @@sql_mode AS sql_mode, @@character_set_client AS character_set_client,
       @@collation_connection AS collation_connection, @@time_zone AS time_zone
