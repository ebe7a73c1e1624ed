use super::*;

fn line(engine: Engine, text: &str) -> Option<usize> {
    let databases = ["prod", "users", "mysql", "information_schema", "sys", "my-db"];
    let databases = databases.map(str::to_owned).to_vec();
    let found = crate::statement::statements(engine, text);
    let routines = found.iter().map(|statement| routines(engine, statement.sql)).max();
    let server = Server { engine, databases, routines: routines.unwrap_or_default() };
    let texts: Vec<&str> = found.iter().map(|statement| statement.sql).collect();
    first(&server, &texts).map(|(at, _)| found[at].line)
}

fn all_reach(engine: Engine, texts: &[&str]) {
    for text in texts {
        assert_eq!(line(engine, &format!("SELECT 1;\n{text}")), Some(2), "{engine}: {text}");
    }
}

fn none_reaches(engine: Engine, texts: &[&str]) {
    for text in texts {
        assert_eq!(line(engine, text), None, "{engine}: {text}");
    }
}

#[test]
fn names_of_other_databases_are_found() {
    let reaching = [
        "USE prod",
        "use `my-db`;",
        "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `new` /*!40100 DEFAULT CHARACTER SET utf8mb4 */",
        "DROP DATABASE IF EXISTS x",
        "/*!50000 DROP*/ SCHEMA x",
        "CREATE OR REPLACE DATABASE x",
        "ALTER DATABASE `prod` CHARACTER SET utf8mb4",
        "INSERT INTO `prod`.`log` VALUES (1)",
        "INSERT prod . log VALUES (1)",
        "INSERT INTO \"prod\".\"log\" VALUES (1)",
        "DROP TABLE IF EXISTS a, PROD.log",
        "RENAME TABLE a TO prod.a",
        "ALTER TABLE a RENAME prod.a",
        "DELETE l FROM a JOIN prod.l",
        "UPDATE a, prod.b SET a.x = 1",
        "TRUNCATE prod.a",
        "CREATE TABLE a LIKE prod.a",
        "CREATE TABLE a (i INT REFERENCES prod.b (i))",
        "CREATE VIEW a AS SELECT * FROM prod.b",
        "CREATE INDEX i ON prod.a (b)",
        "CALL prod.p()",
        "CALL mysql.p()",
        "SELECT prod.f(1)",
        "DELETE FROM mysql.user",
        "INSERT INTO mysql.user SELECT * FROM a",
        "INSERT INTO users.log SELECT users.id FROM users",
        "DROP TABLE users, users.log",
        "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW INSERT INTO prod.log VALUES (NEW.id)",
        "CREATE PROCEDURE p() BEGIN DELETE FROM prod.log; END",
        "/*!40000 DROP TABLE prod.a */",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH \
         ROW DELETE FROM prod.b */",
        "/*M!100100 DROP TABLE prod.a */",
        "CREATE TABLE a (i INT) ENGINE=FEDERATED CONNECTION='mysql://u@h/prod/a'",
        "CREATE TABLE a (i INT) ENGINE = 'Federated' CONNECTION='mysql://u@h/prod/a'",
        "CREATE TABLE a (i INT) ENGINE=`CONNECT`",
        "UPDATE (SELECT id FROM a WHERE id > 0) prod, prod.b SET b.i = 9",
    ];
    all_reach(Engine::MySql, &reaching);
    all_reach(Engine::MariaDb, &reaching);
}

#[test]
fn texts_that_are_executed_are_read() {
    let reaching = [
        "PREPARE s FROM 'DROP TABLE prod.a'",
        "EXECUTE IMMEDIATE 'INSERT INTO `prod`.`log` VALUES (''x'')'",
        "SET @s = CONCAT('DROP TABLE prod.', 'a'); PREPARE s FROM @s",
        "SET @s = CONCAT('DROP TABLE ', 'prod', '.a'); PREPARE s FROM @s",
        "CREATE PROCEDURE p() BEGIN PREPARE s FROM 'DROP USER u'; EXECUTE s; END",
        "/*!50000 PREPARE s FROM 'TRUNCATE prod.a' */",
        "EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE ''DROP TABLE prod.a'''",
        "CREATE PROCEDURE p() BEGIN DECLARE d TEXT DEFAULT 'prod'; SET @s = CONCAT('DELETE FROM ', d, \
         '.a'); PREPARE s FROM @s; EXECUTE s; END",
        "BEGIN NOT ATOMIC DECLARE d TEXT DEFAULT 'prod'; EXECUTE IMMEDIATE CONCAT('DELETE FROM `', d, \
         '`.`a`'); END",
    ];
    all_reach(Engine::MariaDb, &reaching);
    let staying = [
        "INSERT INTO notes VALUES ('use prod.log', 'DROP TABLE prod.a')",
        "PREPARE s FROM 'ALTER TABLE a ADD b INT'; INSERT INTO notes VALUES ('see prod.log')",
        "SET @n = (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()); \
         SET @s = IF(@n = 0, 'ALTER TABLE a ADD b INT COMMENT ''use it''', 'SELECT 1'); \
         PREPARE s FROM @s; EXECUTE s; DEALLOCATE PREPARE s; CREATE TABLE c (i INT COMMENT 'use')",
        "SET @t = 'users'; SET @s = CONCAT('ALTER TABLE ', DATABASE(), '.', @t); PREPARE s FROM @s",
        "CREATE PROCEDURE p(t TEXT) BEGIN SET @s = CONCAT('ALTER TABLE ', t, ' ADD b INT'); PREPARE s \
         FROM @s; EXECUTE s; END; CALL p('users'); INSERT INTO notes VALUES ('prod.log')",
        "CREATE PROCEDURE p(t TEXT) SELECT CONCAT(t, '.a'); CALL p('prod'); CALL q('DROP TABLE prod.a')",
    ];
    none_reaches(Engine::MariaDb, &staying);
}

#[test]
fn texts_that_routines_execute_are_read_where_they_are_called() {
    let run = "CREATE PROCEDURE run(t TEXT) BEGIN PREPARE s FROM t; EXECUTE s; END;";
    let clear = "CREATE PROCEDURE clear(d TEXT) BEGIN SET @s = CONCAT('TRUNCATE ', d, '.a'); PREPARE s \
                 FROM @s; EXECUTE s; END;";
    for (routine, calls) in [
        (run, "CALL run('DROP TABLE prod.a')"),
        (clear, "CALL clear('prod')"),
        (clear, "SET @d = '`Prod`'; CALL clear(@d)"),
    ] {
        for engine in [Engine::MySql, Engine::MariaDb] {
            assert_eq!(line(engine, &format!("{routine}\n{calls}")), Some(2), "{calls}");
        }
    }
}

#[test]
fn only_what_is_put_together_has_to_be_looked_at() {
    let looked_at = |sql: &str| built(Engine::MariaDb, sql);
    assert_eq!(looked_at("PREPARE s FROM @s").as_deref(), Some("@s"));
    assert_eq!(looked_at("/*!50000 PREPARE s FROM @s */").as_deref(), Some("@s"));
    let immediate = "EXECUTE IMMEDIATE CONCAT('a', @b) USING @c";
    assert_eq!(looked_at(immediate).as_deref(), Some("CONCAT('a', @b)"));
    assert_eq!(looked_at("EXECUTE IMMEDIATE 'SELECT ' 'a'").as_deref(), Some("'SELECT ' 'a'"));
    for fixed in ["PREPARE s FROM 'SELECT 1'", "EXECUTE s USING @a", "SELECT 1 FROM a"] {
        assert_eq!(looked_at(fixed), None, "{fixed}");
    }
}

#[test]
fn what_works_on_the_whole_server_is_found() {
    let reaching = [
        "GRANT SELECT ON prod.* TO u",
        "GRANT SELECT ON elsewhere.t TO u",
        "GRANT ALL ON *.* TO u",
        "GRANT r TO u",
        "GRANT SELECT ON t TO u IDENTIFIED BY 'x'",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM u",
        "CREATE USER u",
        "DROP USER IF EXISTS 'u'@'%'",
        "ALTER USER u IDENTIFIED BY 'x'",
        "CREATE ROLE r",
        "SET PASSWORD FOR u = 'x'",
        "SET DEFAULT ROLE r FOR u",
        "FLUSH PRIVILEGES",
        "SET GLOBAL max_connections = 1",
        "SET a = 1, @@GLOBAL.b = 2",
        "SET PERSIST max_connections = 1",
        "INSTALL PLUGIN p SONAME 'x.so'",
        "SHUTDOWN",
        "KILL 5",
        "CHANGE MASTER TO MASTER_HOST = 'x'",
        "RESET MASTER",
        "PURGE BINARY LOGS TO 'x'",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "CREATE PROCEDURE p() BEGIN IF 1 THEN DROP USER u; END IF; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR 1062 SET GLOBAL a = 1; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '23000' DROP USER u; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR gone DROP USER u; END",
        "CREATE PROCEDURE p() COMMENT 'x' DROP USER u",
        "CREATE PROCEDURE p() FLUSH TABLES",
        "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW FOLLOWS b SET GLOBAL a = 1",
        "XA COMMIT 'x'",
        "BACKUP STAGE START",
        "IMPORT TABLE FROM 'x.sdi'",
    ];
    all_reach(Engine::MySql, &reaching);
    all_reach(Engine::MariaDb, &reaching);
}

#[test]
fn ordinary_files_stay_in_the_scratch() {
    let staying = [
        "SELECT prod.id FROM orders prod WHERE prod.id > 1",
        "SELECT users.id, users.name FROM users JOIN a ON users.id = a.id WHERE users.id > 1",
        "UPDATE users SET users.a = users.b WHERE users.c IN (SELECT users.d FROM users)",
        "INSERT INTO users (a) VALUES (1) ON DUPLICATE KEY UPDATE users.a = 2",
        "CREATE TABLE users (a INT, CHECK (users.a > 0))",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = OLD.y, NEW.z = 1",
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()",
        "INSERT INTO zones SELECT name FROM mysql.time_zone_name",
        "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "ALTER TABLE a DROP user, DROP role, CHANGE master b INT",
        "GRANT SELECT, INSERT ON orders TO app",
        "GRANT EXECUTE ON PROCEDURE p TO 'app'@'%' WITH GRANT OPTION",
        "SELECT * FROM (a) USE INDEX (i)",
        "SET @old = @@GLOBAL.sql_mode, sql_mode = ''",
        "SET ROLE r",
        "CREATE DEFINER=`prod`@`users` VIEW v AS SELECT a.b FROM a",
        "LOCK TABLES `a` WRITE; UNLOCK TABLES",
        "INSERT INTO a VALUES (1.5, 'prod.log', \"users.x\") -- prod.log",
        "SELECT CASE WHEN a THEN b ELSE kind END FROM c",
        "CREATE SPATIAL INDEX i ON a (g)",
        "UPDATE users SET a = (SELECT MAX(x) FROM b), users.c = 2",
        "SELECT * FROM users JOIN a ON users.id = (SELECT MAX(id) FROM b) AND users.c = 1",
        "CREATE TABLE c (kill INT, b INT COMMENT 'x', use_it INT) COMMENT 'x'",
        "INSERT INTO a (b) VALUES ('x') ON DUPLICATE KEY UPDATE b = 'y'",
        "ALTER TABLE a COMMENT 'x', DROP role, ENGINE = InnoDB",
    ];
    none_reaches(Engine::MySql, &staying);
    none_reaches(Engine::MariaDb, &staying);
}

#[test]
fn what_databases_of_postgres_share_is_found() {
    let reaching = [
        "CREATE ROLE r",
        "ALTER USER u PASSWORD 'x'",
        "DROP DATABASE x",
        "CREATE TABLESPACE t LOCATION '/x'",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "GRANT r TO u",
        "GRANT CONNECT ON DATABASE x TO u",
        "REVOKE r FROM u",
        "REASSIGN OWNED BY a TO b",
        "DROP OWNED BY a",
        "COMMENT ON DATABASE x IS 'y'",
        "COPY a TO '/tmp/x'",
        "COPY a FROM PROGRAM 'x'",
        "DROP SUBSCRIPTION s",
        "DO $$ BEGIN IF true THEN DROP ROLE r; END IF; END $$",
        "DO $x$ BEGIN CREATE ROLE r; END $x$",
        "DO $x$BEGIN DROP ROLE r; END$x$",
        "DO LANGUAGE 'plpgsql' $$ BEGIN DROP ROLE r; END $$",
        "DO 'BEGIN DROP ROLE r; END' LANGUAGE plpgsql",
        "DO E'BEGIN DROP ROLE r; END'",
        "DO $$ BEGIN EXECUTE 'DROP ROLE r'; END $$",
        "DO $$ BEGIN EXECUTE format('ALTER ROLE %I LOGIN', 'r'); END $$",
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE prod SET a = ' || current_database(); END $$",
        "DO $$ BEGIN PERFORM dblink_exec('dbname=prod', 'DELETE FROM a'); END $$",
        "SELECT dblink_exec('dbname=prod', 'DELETE FROM a')",
        "SELECT public.dblink_connect('dbname=prod')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'prod'",
        "SELECT pg_reload_conf()",
        "SELECT lo_export(1, '/tmp/x')",
        "UPDATE pg_database SET datistemplate = false WHERE datname = 'prod'",
        "WITH a AS (DELETE FROM ONLY pg_catalog.pg_authid RETURNING 1) SELECT 1",
    ];
    all_reach(Engine::Postgres, &reaching);
    let staying = [
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO r",
        "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO r",
        "CREATE SCHEMA s; CREATE TABLE s.t (i INT); DROP SCHEMA s CASCADE",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'r') THEN CREATE ROLE r; \
         END IF; END $$",
        "COMMENT ON TABLE a IS 'DROP ROLE r'",
        "CREATE USER MAPPING FOR u SERVER s",
        "SELECT * FROM prod.a",
        "COPY a FROM STDIN",
        "DO LANGUAGE plpgsql $$ BEGIN RAISE NOTICE 'DROP it'; INSERT INTO a VALUES ('create'); END $$",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET a = 1', current_database()); END $$",
        "DO $$ BEGIN EXECUTE 'REVOKE ALL ON DATABASE ' || quote_ident(current_database()) || ' FROM \
         PUBLIC'; END $$",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'r') THEN EXECUTE 'CREATE \
         ROLE r'; END IF; END $$",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()",
        "SELECT count(*) FROM pg_database; CREATE TABLE dblink (i INT)",
    ];
    none_reaches(Engine::Postgres, &staying);
}

#[test]
fn other_files_of_sqlite_are_found() {
    all_reach(
        Engine::Sqlite,
        &[
            "ATTACH DATABASE 'x.db' AS x",
            "ATTACH 'x.db' AS x",
            "ATTACH '' || 'x.db' AS x",
            "VACUUM INTO 'x'",
        ],
    );
    none_reaches(
        Engine::Sqlite,
        &["ATTACH ':memory:' AS x", "VACUUM", "INSERT INTO x.y VALUES (1)"],
    );
}
