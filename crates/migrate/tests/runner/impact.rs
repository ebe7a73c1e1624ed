//! The locks and algorithms that a plan tells are those that the servers use.

use artisan_migrate::{Blocks, Impact};
use artisan_testkit::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};

use super::database::{upgrade, written};
use super::planned::plan;

artisan_testkit::on_engine!(
    postgres,
    Postgres,
    locks_are_those_of_the_server,
    locks_of_other_tables_are_those_of_the_server
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    algorithms_are_those_of_the_server,
    changes_of_other_tables_are_those_of_the_server,
    changes_of_partitions_are_those_of_the_server,
    what_is_not_understood_is_unknown
);
artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    algorithms_are_those_of_the_server,
    changes_of_other_tables_are_those_of_the_server,
    changes_of_partitions_are_those_of_the_server,
    what_is_not_understood_is_unknown
);

/// What the plan says of a statement behind these files.
async fn impacts(database: &TestDatabase, made: &'static str, sql: &'static str) -> Vec<Impact> {
    let files = vec![("1_a.sql", made), ("2_b.sql", sql)];
    let mut report = plan(database, &files).await;
    report.revisions.remove(0).statements.remove(0).impacts
}

const PG_MADE: &str = "CREATE TABLE u (id bigint PRIMARY KEY);\
    CREATE DOMAIN strict AS int CHECK (VALUE > 0); CREATE DOMAIN plain AS int DEFAULT 3;\
    CREATE TABLE t (id bigint PRIMARY KEY, a int, v varchar(50), n numeric(10,2), u_id bigint, l varchar(9)[]);\
    CREATE TABLE child (id bigint PRIMARY KEY REFERENCES u (id), t_id bigint REFERENCES t (id));\
    CREATE INDEX t_a ON t (a); CREATE UNIQUE INDEX t_n ON t (n);\
    ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

const PG_STATEMENTS: [&str; 31] = [
    "ALTER TABLE t ADD COLUMN x strict",
    "ALTER TABLE t ADD COLUMN x plain",
    "ALTER TABLE t ALTER COLUMN l TYPE text[]",
    "ALTER TABLE t ALTER COLUMN l TYPE varchar(20)[]",
    "ALTER TABLE t ALTER COLUMN l TYPE varchar[]",
    "ALTER TABLE t ALTER COLUMN id TYPE numeric",
    "CREATE INDEX i ON t (v)",
    "DROP INDEX t_a",
    "ALTER TABLE t ADD COLUMN x int",
    "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE t DROP COLUMN a",
    "ALTER TABLE t ALTER COLUMN a TYPE bigint",
    "ALTER TABLE t ALTER COLUMN v TYPE varchar(80)",
    "ALTER TABLE t ALTER COLUMN v SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN v SET DEFAULT 'x'",
    "ALTER TABLE t ALTER COLUMN v SET STATISTICS 10",
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (u_id) REFERENCES u (id)",
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (u_id) REFERENCES u (id) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 1)",
    "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX t_n",
    "ALTER TABLE t VALIDATE CONSTRAINT c",
    "ALTER TABLE t RENAME TO w",
    "ALTER TABLE t RENAME COLUMN a TO b",
    "ALTER TABLE t SET (fillfactor = 80)",
    "ALTER TABLE t DISABLE TRIGGER ALL",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "TRUNCATE t CASCADE",
    "DROP TABLE t CASCADE",
    "REINDEX TABLE t",
    "CLUSTER t USING t_a",
    "UPDATE t SET a = 1 WHERE id = 1",
];

async fn locks_are_those_of_the_server(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", PG_MADE)], "head").await.unwrap();
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    for sql in PG_STATEMENTS {
        let said = impacts(&database, PG_MADE, sql).await;
        let rewritten =
            "SELECT pg_relation_filenode(c.oid)::text FROM pg_class c WHERE relname IN ('t', 'w')";
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        let file = texts(&mut connection, rewritten).await;
        // The table may be gone or renamed afterwards, so its number is kept.
        let oid = texts(&mut connection, "SELECT 't'::regclass::oid::text").await.remove(0);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        let held = format!(
            "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = {oid}::oid"
        );
        let held = texts(&mut connection, &held).await;
        let is_rewritten = texts(&mut connection, rewritten)
            .await
            .first()
            .is_some_and(|now| Some(now) != file.first());
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
        let of_t = said.iter().find(|impact| impact.table == "t").unwrap();
        let strongest = held.iter().map(|mode| strength(mode)).max().unwrap();
        assert_eq!(
            strength(of_t.lock),
            strongest,
            "{sql}: {of_t:?}, but the server holds {held:?}"
        );
        if !sql.starts_with("TRUNCATE") {
            assert_eq!(of_t.rewrites, is_rewritten, "{sql}: {of_t:?}");
        }
    }
}

/// Those of other tables as well: nobody uses them while these statements wait.
async fn locks_of_other_tables_are_those_of_the_server(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", PG_MADE)], "head").await.unwrap();
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    for sql in ["DROP TABLE child", "ALTER TABLE u ALTER COLUMN id TYPE numeric"] {
        let said = impacts(&database, PG_MADE, sql).await;
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        let named =
            "SELECT oid::text || ' ' || relname FROM pg_class WHERE relname IN ('t', 'u', 'child')";
        let named = texts(&mut connection, named).await;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        let held = "SELECT relation::text || ' ' FROM pg_locks WHERE pid = pg_backend_pid() \
                    AND relation IS NOT NULL \
                    AND mode = 'AccessExclusiveLock'";
        let held = texts(&mut connection, held).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
        for table in named.iter().filter(|table| held.iter().any(|oid| table.starts_with(oid))) {
            let table = table.split_once(' ').unwrap().1;
            let is_said =
                |impact: &Impact| impact.table == table && impact.lock == "ACCESS EXCLUSIVE";
            assert!(said.iter().any(is_said), "{sql} locks {table}: {said:?}");
        }
    }
}

async fn texts(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// `AccessExclusiveLock` and `ACCESS EXCLUSIVE` are the same.
fn strength(mode: &str) -> usize {
    let plain = mode.trim_end_matches("Lock").replace(' ', "").to_lowercase();
    let order = [
        "accessshare",
        "rowshare",
        "rowexclusive",
        "shareupdateexclusive",
        "share",
        "sharerowexclusive",
        "exclusive",
        "accessexclusive",
    ];
    order.iter().position(|name| *name == plain).unwrap()
}

const MY_MADE: &str = "CREATE TABLE p (id INT PRIMARY KEY);\
    CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, n INT NOT NULL, v VARCHAR(50), e ENUM('a', 'b'), \
    w VARCHAR(50), l VARCHAR(50) CHARACTER SET latin1, fk INT, s SET('a', 'b'), KEY ia (a), KEY iw (w), CONSTRAINT f0 FOREIGN KEY (fk) REFERENCES p (id)) ENGINE = InnoDB CHARACTER SET utf8mb4;";

/// A table with an index of words, one with columns that are computed, and one with pages that are compressed.
const MY_OTHERS: [(&str, &str, &[&str]); 6] = [
    (
        "id INT PRIMARY KEY, n INT, a INT, v TEXT, FULLTEXT (v)",
        "DYNAMIC",
        &[
            "ADD COLUMN x INT",
            "DROP COLUMN n",
            "DROP COLUMN v",
            "ENGINE = InnoDB",
            "FORCE",
            "MODIFY a INT NOT NULL",
            "DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)",
        ],
    ),
    (
        "id INT PRIMARY KEY, n INT, a INT, g INT AS (a + 1) STORED",
        "DYNAMIC",
        &["MODIFY g INT AS (a + 5) STORED", "ADD COLUMN x INT FIRST", "ADD COLUMN x INT"],
    ),
    (
        "id INT PRIMARY KEY, n INT, a INT, g INT AS (a + 1) VIRTUAL",
        "DYNAMIC",
        &[
            "MODIFY g INT AS (a + 5) VIRTUAL",
            "MODIFY g BIGINT AS (a + 5) VIRTUAL",
            "MODIFY g INT AS (a+1) VIRTUAL",
            "ADD COLUMN x INT FIRST",
            "ADD COLUMN x INT",
        ],
    ),
    (
        "id INT PRIMARY KEY, n INT, a INT, v TEXT, w TEXT, FULLTEXT (v), FULLTEXT (w)",
        "DYNAMIC",
        &["DROP COLUMN v"],
    ),
    (
        "id INT PRIMARY KEY, n INT, a INT, g INT AS (a + 1) VIRTUAL, KEY (g)",
        "DYNAMIC",
        &["MODIFY g INT AS (a + 5) VIRTUAL"],
    ),
    ("id INT PRIMARY KEY, n INT, a INT", "COMPRESSED", &["ADD COLUMN x INT"]),
];

const MY_CHANGES: [&str; 55] = [
    "DROP COLUMN w",
    "ADD COLUMN x INT REFERENCES p (id)",
    "MODIFY s SET('a', 'b', 'c')",
    "MODIFY s SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')",
    "ADD COLUMN x INT",
    "ADD COLUMN x INT FIRST",
    "ADD COLUMN x INT NOT NULL DEFAULT 1",
    "ADD COLUMN x INT AS (a + 1) STORED",
    "ADD COLUMN x INT AS (a + 1) VIRTUAL",
    "DROP PRIMARY KEY, ADD COLUMN x INT AUTO_INCREMENT PRIMARY KEY",
    "DROP COLUMN b",
    "RENAME COLUMN b TO bb",
    "CHANGE b bb INT",
    "ALTER COLUMN a SET DEFAULT 3",
    "MODIFY a BIGINT",
    "MODIFY v VARCHAR(60)",
    "MODIFY v VARCHAR(300)",
    "MODIFY v VARCHAR(10)",
    "MODIFY a INT NOT NULL",
    "MODIFY e ENUM('a', 'b', 'c')",
    "MODIFY e ENUM('b', 'a')",
    "ADD INDEX i2 (a)",
    "ADD UNIQUE u2 (a)",
    "DROP INDEX ia",
    "ADD FULLTEXT INDEX f (v)",
    "DROP PRIMARY KEY",
    "DROP PRIMARY KEY, ADD PRIMARY KEY (n)",
    "ADD FOREIGN KEY (a) REFERENCES p (id)",
    "ADD CONSTRAINT ck CHECK (a > 0)",
    "CONVERT TO CHARACTER SET latin1",
    "FORCE",
    "ENGINE = InnoDB",
    "RENAME TO t2",
    "DROP FOREIGN KEY f0",
    "ORDER BY a",
    "MODIFY v VARCHAR(50) COLLATE utf8mb4_bin",
    "MODIFY e ENUM('a', 'b') COLLATE utf8mb4_bin",
    "MODIFY w VARCHAR(50) COLLATE utf8mb4_bin",
    "MODIFY v VARCHAR(50) COLLATE latin1_bin",
    "MODIFY v VARCHAR(50) CHARACTER SET latin1",
    "MODIFY l VARCHAR(50)",
    "ROW_FORMAT = COMPRESSED",
    "KEY_BLOCK_SIZE = 8",
    "ENGINE = InnoDB COMMENT = 'x'",
    "COMMENT = 'x' ROW_FORMAT = DYNAMIC",
    "COMMENT = 'x'",
    "AUTO_INCREMENT = 100, STATS_PERSISTENT = 0",
    "DEFAULT CHARACTER SET latin1 COLLATE latin1_bin",
    "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "DISABLE KEYS",
    "RENAME t2",
    "RENAME AS t2",
    "RENAME = t2",
    "RENAME INDEX ia TO ib",
    "ALTER COLUMN a DROP DEFAULT",
];

const MY_PARTS_MADE: &str = "CREATE TABLE p (id INT PRIMARY KEY);\
    CREATE TABLE t (id INT NOT NULL, n INT, a INT) ENGINE = InnoDB PARTITION BY RANGE (id) \
    (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));";

const MY_LAYOUTS: [&str; 3] = [
    "REMOVE PARTITIONING",
    "PARTITION BY HASH (id) PARTITIONS 2",
    "ADD COLUMN x INT PARTITION BY HASH (id)",
];

/// `MariaDB` takes no `ALGORITHM` beside these.
const MY_PARTS: [&str; 4] = [
    "ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))",
    "DROP PARTITION p0",
    "REORGANIZE PARTITION p0, p1 INTO (PARTITION x VALUES LESS THAN (20))",
    "REBUILD PARTITION p0",
];

async fn algorithms_are_those_of_the_server(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", MY_MADE)], "head").await.unwrap();
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    for change in MY_CHANGES {
        agrees(&database, &mut connection, MY_MADE, change).await;
    }
    if database.engine() == artisan_testkit::Engine::MySql {
        for change in ["ADD INDEX i2 ((LOWER(v)))", "ADD UNIQUE INDEX i2 ((LOWER(v)))"] {
            agrees(&database, &mut connection, MY_MADE, change).await;
        }
    }
}

async fn changes_of_other_tables_are_those_of_the_server(database: TestDatabase) {
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    for (table, format, changes) in MY_OTHERS {
        let made = written(format!(
            "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t ({table}) ROW_FORMAT = {format};"
        ));
        database.execute("DROP TABLE IF EXISTS t, p, _sqlx_migrations").await;
        upgrade(&database, &[("1_a.sql", made)], "head").await.unwrap();
        for change in changes {
            agrees(&database, &mut connection, made, change).await;
        }
    }
}

async fn changes_of_partitions_are_those_of_the_server(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", MY_PARTS_MADE)], "head").await.unwrap();
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    for change in MY_LAYOUTS {
        agrees(&database, &mut connection, MY_PARTS_MADE, change).await;
    }
    if database.engine() == artisan_testkit::Engine::MySql {
        for change in MY_PARTS {
            agrees(&database, &mut connection, MY_PARTS_MADE, change).await;
        }
    }
}

async fn agrees(
    database: &TestDatabase,
    connection: &mut MySqlConnection,
    made: &'static str,
    change: &'static str,
) {
    let said = impacts(database, made, written(format!("ALTER TABLE t {change}"))).await.remove(0);
    let algorithm = said.algorithm.unwrap();
    let lock = if algorithm == "INSTANT" { String::new() } else { format!(", {}", said.lock) };
    let cheaper = match algorithm {
        "COPY" => Some("ALGORITHM=INPLACE"),
        "INPLACE" if said.lock == "LOCK=SHARED" => Some("ALGORITHM=INPLACE, LOCK=NONE"),
        "INPLACE" if said.rewrites => Some("ALGORITHM=INSTANT"),
        // INSTANT cannot be bettered; some changes in place are instant on one server only.
        _ => None,
    };
    // No comma stands in front of what is said of all partitions.
    let is_whole = ["PARTITION BY", "REMOVE"].iter().any(|word| change.starts_with(word));
    let comma = if is_whole { "" } else { "," };
    for (asked, is_fine) in [
        cheaper.map(|asked| (asked.to_owned(), false)),
        Some((format!("ALGORITHM={algorithm}{lock}"), true)),
    ]
    .into_iter()
    .flatten()
    {
        let again = format!(
            "DROP TABLE IF EXISTS t, t2, p; {made} INSERT INTO p VALUES (1); INSERT INTO t (id, n, a) VALUES (1, 1, 1);"
        );
        sqlx::raw_sql(AssertSqlSafe(again)).execute(&mut *connection).await.unwrap();
        let sql = format!("ALTER TABLE t {asked}{comma} {change}");
        let tried = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await;
        assert_eq!(tried.is_ok(), is_fine, "{change}, {asked}: {said:?}, {tried:?}");
    }
}

async fn what_is_not_understood_is_unknown(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", MY_MADE)], "head").await.unwrap();
    let of = async |change: &str| {
        let sql = written(format!("ALTER TABLE t {change}"));
        impacts(&database, MY_MADE, sql).await.remove(0)
    };
    for change in
        ["SECONDARY_LOAD", "ADD PERIOD FOR p (a, b)", "/*!50100 PARTITION BY HASH (id) */"]
    {
        let said = of(change).await;
        assert_eq!(said.algorithm, Some("UNKNOWN"), "{change}: {said:?}");
        assert_eq!((said.lock, said.blocks), ("UNKNOWN", Blocks::Unknown), "{change}");
        assert!(said.rewrites && said.scans, "{change}: {said:?}");
    }
    // The server refuses what is dearer.
    assert_eq!(of("SECONDARY_LOAD, ALGORITHM=INSTANT").await.algorithm, Some("INSTANT"));
    for change in ["DISCARD TABLESPACE", "EXCHANGE PARTITION p0 WITH TABLE p"] {
        assert_eq!(of(change).await.blocks, Blocks::ReadsAndWrites, "{change}");
    }
    for change in ["ENCRYPTION = 'Y'", "ADD SYSTEM VERSIONING", "ADD COLUMN x INT, ORDER BY a"] {
        assert_eq!(of(change).await.algorithm, Some("COPY"), "{change}");
    }
    for (lock, blocks) in [("SHARED", Blocks::Writes), ("EXCLUSIVE", Blocks::ReadsAndWrites)] {
        assert_eq!(of(&format!("ADD COLUMN x INT, LOCK={lock}")).await.blocks, blocks);
    }
}
