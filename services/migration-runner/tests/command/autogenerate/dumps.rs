//! What the engines' own tools write, as the desired schema: with rows, owners and their clients' commands.

use artisan_testkit::{TestDatabase, on_engine};

use super::{Folder, call, count, fs, generate};

on_engine!(sqlite, Sqlite, dump_with_rows_is_a_desired_schema);
on_engine!(
    mysql,
    MySql,
    dump_with_rows_is_a_desired_schema,
    dump_that_names_its_database_is_refused,
);
on_engine!(mariadb, MariaDb, dump_with_rows_is_a_desired_schema);
on_engine!(
    postgres,
    Postgres,
    dump_with_rows_is_a_desired_schema,
    command_of_a_client_is_refused_with_its_line,
    schema_says_all_that_is_compared,
    drift_of_all_that_is_compared_is_seen,
);

const POSTGRES: [&str; 2] =
    [include_str!("dumps/pg_dump_15.sql"), include_str!("dumps/pg_dump_18.sql")];
const MYSQL: [&str; 2] =
    [include_str!("dumps/mysqldump.sql"), include_str!("dumps/mariadb-dump_of_mysql.sql")];
const MARIADB: [&str; 1] = [include_str!("dumps/mariadb-dump.sql")];
const SQLITE: [&str; 1] = [include_str!("dumps/sqlite3.sql")];

/// A project with one revision that makes nothing.
pub(super) fn empty(database: &TestDatabase, desired: &str) -> Folder {
    let folder = Folder::new(&[("1_a.up.sql", "SELECT 1;\n"), ("1_a.down.sql", "SELECT 1;\n")]);
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    folder
}

async fn dump_with_rows_is_a_desired_schema(database: TestDatabase) {
    let dumps = match database.engine() {
        artisan_testkit::Engine::Sqlite => &SQLITE[..],
        artisan_testkit::Engine::MariaDb => &MARIADB,
        artisan_testkit::Engine::MySql => &MYSQL,
        artisan_testkit::Engine::Postgres => &POSTGRES,
    };
    for dump in dumps {
        let folder = empty(&database, dump);
        // No file can be generated that makes a virtual table.
        let is_virtual = dump.contains("VIRTUAL TABLE");
        let ignored: &[&str] = if is_virtual { &["--ignore", "words*"] } else { &[] };
        let made = generate(&database, &folder, ignored).expect(0);
        assert_eq!(made.json()["losses"], serde_json::json!([]));
        assert!(is_virtual || made.stderr.contains("is left out"), "{}", made.stderr);
        call(&database, &folder, &["upgrade"]).expect(0);
        call(&database, &folder, &[&["check"], ignored].concat()).expect(0);
        let again = generate(&database, &folder, ignored).expect(0).json();
        assert_eq!(again["differences"], serde_json::json!([]), "{again}");
        call(&database, &folder, &["downgrade", "base"]).expect(0);
    }
}

async fn dump_that_names_its_database_is_refused(database: TestDatabase) {
    let folder = empty(&database, include_str!("dumps/mysqldump_databases.sql"));
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "LEAVES_SCRATCH", "{told}");
    assert_eq!(count(&folder), 3, "a file was written");
}

async fn command_of_a_client_is_refused_with_its_line(database: TestDatabase) {
    let folder = empty(&database, "CREATE TABLE a (b text);\n\\connect other\n");
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "DESIRED_SCHEMA_INVALID", "{told}");
    let message = told["error"]["message"].as_str().unwrap();
    assert!(message.contains("schema.sql:2: `\\connect` is a command of psql"), "{message}");
}

/// Every attribute that the model of a schema has.
const ATTRIBUTES: &str = include_str!("dumps/attributes.sql");

async fn schema_says_all_that_is_compared(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", ATTRIBUTES), ("1_a.down.sql", "SELECT 1;\n")]);
    call(&database, &folder, &["upgrade"]).expect(0);
    let dumped = super::run(super::migrate(&database, &["schema"])).expect(0).stdout;
    fs::write(folder.path().join("schema.sql"), &dumped).unwrap();
    let checked = call(&database, &folder, &["check"]);
    assert_eq!(checked.code, Some(0), "{}\n{}\n{dumped}", checked.stdout, checked.stderr);
}

async fn drift_of_all_that_is_compared_is_seen(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", ATTRIBUTES), ("1_a.down.sql", "SELECT 1;\n")]);
    call(&database, &folder, &["upgrade"]).expect(0);
    let drifts = [
        ("ALTER TABLE t ALTER COLUMN c SET STATISTICS 9", "storage public.t.c statistics"),
        ("ALTER TABLE t ALTER COLUMN a RESET (n_distinct)", "storage public.t.a options"),
        ("ALTER INDEX plain ALTER COLUMN 3 SET STATISTICS 8", "index public.plain 3 statistics"),
        ("ALTER INDEX t_unique SET (fillfactor = 51)", "storage public.t_unique options"),
        ("ALTER TABLE t RESET (toast.autovacuum_enabled)", "table public.t"),
        ("ALTER VIEW v ALTER COLUMN b SET DEFAULT 8", "view column public.v.b"),
        ("ALTER TABLE t ENABLE RULE quiet", "rule public.t.quiet"),
        ("COMMENT ON RULE quiet ON t IS 'other'", "comment RULE quiet ON public.t"),
        (
            "COMMENT ON CONSTRAINT zip_length ON DOMAIN zip IS 'other'",
            "comment CONSTRAINT zip_length ON DOMAIN public.zip",
        ),
    ];
    for (drift, _) in &drifts {
        database.execute(drift).await;
    }
    let seen = call(&database, &folder, &["verify"]).expect(9).stdout;
    for (_, object) in &drifts {
        assert!(seen.contains(&format!(" {object}\n")), "{object}: {seen}");
    }
    call(&database, &folder, &["verify", "--adopt", "-m", "adopted"]).expect(0);
    call(&database, &folder, &["verify"]).expect(0);
}
