//! The locks and algorithms that a plan tells are those that the servers use.

use artisan_migrate::Impact;
use artisan_testkit::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};

use super::database::{upgrade, written};
use super::planned::plan;

artisan_testkit::on_engine!(postgres, Postgres, locks_are_those_of_the_server);
artisan_testkit::on_engine!(mysql, MySql, algorithms_are_those_of_the_server);
artisan_testkit::on_engine!(mariadb, MariaDb, algorithms_are_those_of_the_server);

/// What the plan says of a statement behind these files.
async fn impacts(database: &TestDatabase, made: &'static str, sql: &'static str) -> Vec<Impact> {
    let files = vec![("1_a.sql", made), ("2_b.sql", sql)];
    let mut report = plan(database, &files).await;
    report.revisions.remove(0).statements.remove(0).impacts
}

const PG_MADE: &str = "CREATE TABLE u (id bigint PRIMARY KEY);\
    CREATE TABLE t (id bigint PRIMARY KEY, a int, v varchar(50), n numeric(10,2), u_id bigint);\
    CREATE INDEX t_a ON t (a); CREATE UNIQUE INDEX t_n ON t (n);\
    ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

const PG_STATEMENTS: [&str; 25] = [
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
    "TRUNCATE t",
    "DROP TABLE t",
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
    fk INT, KEY ia (a), CONSTRAINT f0 FOREIGN KEY (fk) REFERENCES p (id)) ENGINE = InnoDB CHARACTER SET utf8mb4;";

const MY_CHANGES: [&str; 30] = [
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
];

async fn algorithms_are_those_of_the_server(database: TestDatabase) {
    upgrade(&database, &[("1_a.sql", MY_MADE)], "head").await.unwrap();
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    for change in MY_CHANGES {
        let sql = written(format!("ALTER TABLE t {change}"));
        let said = impacts(&database, MY_MADE, sql).await.remove(0);
        let algorithm = said.algorithm.unwrap();
        let lock = if algorithm == "INSTANT" { String::new() } else { format!(", {}", said.lock) };
        let cheaper = match algorithm {
            "COPY" => Some(", ALGORITHM=INPLACE"),
            "INPLACE" if said.lock == "LOCK=SHARED" => Some(", ALGORITHM=INPLACE, LOCK=NONE"),
            "INPLACE" if said.rewrites => Some(", ALGORITHM=INSTANT"),
            // INSTANT cannot be bettered; some changes in place are instant on one server only.
            _ => None,
        };
        for (suffix, is_fine) in [
            cheaper.map(|suffix| (suffix.to_owned(), false)),
            Some((format!(", ALGORITHM={algorithm}{lock}"), true)),
        ]
        .into_iter()
        .flatten()
        {
            let again = format!(
                "DROP TABLE IF EXISTS t, t2, p; {MY_MADE} INSERT INTO p VALUES (1); INSERT INTO t (id, n, a) VALUES (1, 1, 1);"
            );
            sqlx::raw_sql(AssertSqlSafe(again)).execute(&mut connection).await.unwrap();
            let tried = sqlx::raw_sql(AssertSqlSafe(format!("{sql}{suffix}")))
                .execute(&mut connection)
                .await;
            assert_eq!(tried.is_ok(), is_fine, "{sql}{suffix}: {said:?}, {tried:?}");
        }
    }
}
