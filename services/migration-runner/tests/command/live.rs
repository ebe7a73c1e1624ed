//! What is read of a live database, and asked of it.

use artisan_testkit::{TestDatabase, on_engine, on_every_engine};

use super::folder::{Folder, migrate, run, texts};
use super::read_only::Reader;

on_every_engine!(
    empty_database_is_no_desired_schema,
    drift_of_everything_is_reverted,
    what_is_ignored_is_no_drift,
);
on_engine!(on_postgres, Postgres, whatever_belongs_to_what_is_ignored_is_no_drift);
on_engine!(on_sqlite, Sqlite, missing_file_is_no_desired_schema);
on_engine!(
    on_mariadb,
    MariaDb,
    characters_of_four_bytes_are_read,
    marks_of_a_table_that_is_not_managed_are_no_masks,
    values_that_are_not_told_are_no_drift,
    body_that_is_reverted_is_delimited_for_people
);
on_engine!(
    on_mysql,
    MySql,
    characters_of_four_bytes_are_read,
    body_that_is_reverted_is_delimited_for_people
);

const SHOWN_WITH_MARKS: &str = "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20), e ENUM('a','?','😀') DEFAULT '😀', \
    d VARCHAR(9) DEFAULT '😀', n VARCHAR(9) NOT NULL DEFAULT 'it''s 😎', c VARCHAR(9) DEFAULT (concat('😁','?')), \
    g VARCHAR(30) AS (concat(s,'it''s 😎')) STORED, CONSTRAINT k CHECK (s <> '😀'), CONSTRAINT l CHECK (s <> '😂'))";

async fn characters_of_four_bytes_are_read(database: TestDatabase) {
    let row = "INSERT INTO t (id, s) VALUES (1, 'x')";
    database.execute(&format!("{SHOWN_WITH_MARKS}; {row}")).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    let of_row = "SELECT CONCAT_WS('|', e, d, n, c, g) FROM t";
    let before = texts(&database, of_row).await;
    assert_eq!(before, ["😀|😀|it's 😎|😁?|xit's 😎"]);
    let baseline = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let adopted = std::fs::read_to_string(baseline).unwrap();
    database.execute(&format!("DROP TABLE t; {adopted}{row}")).await;
    assert_eq!(texts(&database, of_row).await, before, "{adopted}");
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    let drifted = "ALTER TABLE t DROP CONSTRAINT l, ADD CONSTRAINT l CHECK (s <> '🤖')";
    database.execute(drifted).await;
    let found = run(migrate(&database, &["verify", "--dir", dir])).expect(9).stdout;
    assert!(found.contains("🤖") && !found.contains("😀"), "{found}");
    let reverts = run(migrate(&database, &["verify", "--revert", "--dir", dir])).expect(0).stdout;
    assert!(reverts.contains("'😂'") && !reverts.contains("MODIFY"), "{reverts}");
    run(migrate(&database, &["verify", "--adopt", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
}

async fn marks_of_a_table_that_is_not_managed_are_no_masks(database: TestDatabase) {
    let table = "CREATE TABLE t (a INT, s DATE, e DATE, PERIOD FOR p (s, e)) COMMENT 'why?'";
    database.execute(table).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    let told = run(migrate(&database, &["verify", "--dir", dir])).expect(0).stdout;
    assert!(!told.contains("not looked at"), "{told}");
}

/// A role that may read one column is shown marks for what another one has.
async fn values_that_are_not_told_are_no_drift(database: TestDatabase) {
    let made = "CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a','😀'), n INT);\n";
    let folder = Folder::new(&[("1_a.sql", made)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let name = database.url().rsplit_once('/').unwrap().1;
    let reader = Reader::new(&database).await;
    let tables = ["_sqlx_migrations", "_migrate_revisions", "_migrate_journal"];
    let tables = tables.map(|table| format!("GRANT SELECT ON {table} TO r_{name};")).concat();
    let rights = format!(
        "REVOKE SELECT ON {name}.* FROM r_{name}; {tables} GRANT SELECT (id), INSERT ON t TO r_{name}"
    );
    database.execute(&rights).await;
    let verify = || {
        let mut command = migrate(&database, &["verify", "--dir", dir]);
        command.env("DATABASE_URL", reader.url()).env("SCRATCH_DATABASE_URL", database.url());
        run(command)
    };
    let same = verify();
    database.execute("ALTER TABLE t MODIFY n BIGINT").await;
    let drifted = verify();
    reader.drop_user(&database).await;
    let told = same.expect(0).stdout;
    assert!(told.contains("not looked at: values of t.e"), "{told}");
    let told = drifted.expect(9).stdout;
    assert!(told.contains("changed: table t") && told.contains("bigint"), "{told}");
}

const FILES: [(&str, &str); 2] = [
    ("1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n"),
    ("1_a.down.sql", "DROP TABLE a;\n"),
];

fn refused(database: &TestDatabase, folder: &Folder, url: &str, command: &[&str]) -> String {
    let dir = folder.path().to_str().unwrap();
    let asked = ["--desired-url", url, "--dir", dir, "--output", "json"];
    let error =
        run(migrate(database, &[command, &asked].concat())).expect(2).json()["error"].take();
    assert_eq!(error["reason"], "NO_DESIRED_SCHEMA", "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), FILES.len());
    error["message"].as_str().unwrap().to_owned()
}

async fn empty_database_is_no_desired_schema(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    database.execute("CREATE TABLE gone (id INTEGER PRIMARY KEY); DROP TABLE gone").await;
    let told = refused(&database, &folder, &database.plain_url(), &["check"]);
    assert!(told.contains("would drop everything") && told.contains("comment"), "{told}");
    let nothing = folder.path().join("nothing");
    std::fs::write(&nothing, "-- nothing is to be left\n").unwrap();
    let (dir, nothing) = (folder.path().to_str().unwrap(), nothing.to_str().unwrap());
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    run(migrate(&database, &["check", "--desired", nothing, "--dir", dir])).expect(9);
}

async fn missing_file_is_no_desired_schema(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let path = folder.path().join("absent.db");
    let url = format!("sqlite:{}", path.display());
    run(migrate(&database, &["upgrade", "--dir", folder.path().to_str().unwrap()])).expect(0);
    let autogenerate: &[&str] = &["revision", "--autogenerate", "-m", "x"];
    for command in [&["check"], autogenerate] {
        let told = refused(&database, &folder, &url, command);
        assert!(told.contains("there is no file") && told.contains("absent.db"), "{told}");
    }
    assert!(!path.exists());
}

/// What somebody dropped past the files, all of it, is no mistake in a URL.
async fn drift_of_everything_is_reverted(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    database.execute("DROP TABLE a").await;
    let reverts = run(migrate(&database, &["verify", "--revert", "--dir", dir])).expect(0).stdout;
    assert!(reverts.contains("CREATE TABLE"), "{reverts}");
    database.execute(&reverts).await;
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
}

async fn body_that_is_reverted_is_delimited_for_people(database: TestDatabase) {
    let trigger =
        "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.id = 1; SET @n = 2; END;\n";
    let made = format!("CREATE TABLE a (id INT PRIMARY KEY);\n{trigger}");
    let folder = Folder::new(&[("1_a.sql", &made)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    database.execute("DROP TRIGGER g; CREATE TABLE theirs (id INT)").await;
    let revert = ["verify", "--revert", "--dir", dir];
    let told = run(migrate(&database, &revert)).expect(0).stdout;
    assert!(told.contains("DELIMITER //\n") && told.contains("END//\nDELIMITER ;\n"), "{told}");
    let document =
        run(migrate(&database, &[&revert[..], &["--output", "json"]].concat())).expect(0);
    let sql = document.json()["sql"].take();
    assert!(!sql.as_str().unwrap().contains("DELIMITER"), "{sql}");
    database.execute(sql.as_str().unwrap()).await;
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
}

/// With all that belongs to it.
async fn what_is_ignored_is_no_drift(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let theirs = "CREATE TABLE legacy_b (id INT PRIMARY KEY, a INT, \
                  CONSTRAINT k FOREIGN KEY (a) REFERENCES a (id)); \
                  CREATE INDEX i ON legacy_b (a); CREATE VIEW legacy_v AS SELECT id FROM a";
    database.execute(theirs).await;
    let verify = ["verify", "--dir", dir];
    run(migrate(&database, &verify)).expect(9);
    let ignoring = [&verify[..], &["--ignore", "legacy_*", "--ignore", "nothing"]].concat();
    let told = run(migrate(&database, &ignoring)).expect(0).stderr;
    assert!(told.contains("`nothing`") && !told.contains("legacy_"), "{told}");
    let settings = "[autogenerate]\nignore = [\"legacy_*\"]\n";
    std::fs::write(folder.path().join("migrate.toml"), settings).unwrap();
    let mut configured = migrate(&database, &verify);
    configured.current_dir(folder.path());
    run(configured).expect(0);
    let reverts =
        run(migrate(&database, &[&ignoring[..], &["--revert"]].concat())).expect(0).stdout;
    assert!(!reverts.contains("legacy"), "{reverts}");
    database.execute("CREATE TABLE c (id INT)").await;
    let found = run(migrate(&database, &ignoring)).expect(9).stdout;
    assert!(found.contains("unexpected: table") && !found.contains("legacy"), "{found}");
}

/// `verify` and `verify --revert` read a pattern alike.
async fn whatever_belongs_to_what_is_ignored_is_no_drift(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let theirs = "CREATE TABLE legacy (id serial PRIMARY KEY, a int); CREATE INDEX idx_l ON legacy (a); \
                  COMMENT ON INDEX idx_l IS 'x'; COMMENT ON SEQUENCE legacy_id_seq IS 'x'; \
                  CREATE TYPE mood AS ENUM ('so'); CREATE DOMAIN dom AS int CONSTRAINT c CHECK (VALUE > 0); \
                  COMMENT ON CONSTRAINT c ON DOMAIN dom IS 'x'; \
                  CREATE SCHEMA audit; COMMENT ON SCHEMA audit IS 'x'; CREATE TABLE audit.legacy (id int); \
                  CREATE AGGREGATE agg (integer) (SFUNC = int4larger, STYPE = integer); \
                  COMMENT ON AGGREGATE agg (integer) IS 'x'; \
                  CREATE FUNCTION lf(a integer) RETURNS int LANGUAGE sql AS 'SELECT 1'; \
                  CREATE FUNCTION lf(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1'; \
                  COMMENT ON FUNCTION lf(integer) IS 'x'";
    database.execute(theirs).await;
    let ignoring = |patterns: &[&'static str]| {
        let patterns = patterns.iter().flat_map(|pattern| ["--ignore", pattern]);
        let verify: Vec<&str> = ["verify", "--dir", dir].into_iter().chain(patterns).collect();
        let verified = run(migrate(&database, &verify));
        let reverted = run(migrate(&database, &[&verify[..], &["--revert"]].concat())).expect(0);
        (verified, reverted)
    };
    let others = ["legacy", "mood", "dom", "audit.*", "agg"];
    for routines in [&["lf"][..], &["lf(integer)", "lf(mood)"]] {
        let (verified, reverted) = ignoring(&[&others[..], routines].concat());
        let verified = verified.expect(0);
        assert!(!(verified.stderr + &reverted.stderr).contains("nothing is named"), "{routines:?}");
        assert!(!reverted.stdout.contains("DROP"), "{}", reverted.stdout);
    }
    let (verified, reverted) = ignoring(&[&others[..], &["lf(mood)"]].concat());
    let found = verified.expect(9).stdout;
    assert!(found.contains("function public.lf(integer)") && !found.contains("mood"), "{found}");
    assert!(found.contains("comment FUNCTION public.lf(integer)"), "{found}");
    let sql = reverted.stdout;
    assert!(sql.contains("DROP FUNCTION lf(integer)") && !sql.contains("mood"), "{sql}");
    // The table of this name in another schema is another one.
    let (verified, reverted) = ignoring(&["legacy", "mood", "dom", "agg", "lf"]);
    assert!(verified.expect(9).stdout.contains("table audit.legacy"));
    assert!(reverted.stdout.contains("DROP TABLE audit.legacy"), "{}", reverted.stdout);
}
