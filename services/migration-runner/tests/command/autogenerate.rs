mod asked;
mod bad_input;
mod dumps;
mod linted;
mod opaque;
mod portable;
mod reading;
mod renames;
mod routines;

use std::fs;
use std::path::Path;

use artisan_testkit::{Engine, TestDatabase, on_engine, on_every_engine};
use serde_json::Value;

use super::folder::{Ended, Folder, migrate, run, texts};

on_every_engine!(
    desired_schema_becomes_a_proven_revision,
    nothing_to_generate_is_no_file,
    check_tells_what_the_files_lack,
    rename_is_written_where_it_is_said,
    rename_is_never_guessed,
    mark_of_a_rename_that_does_nothing_is_refused,
    changed_view_is_proven,
    confirmed_drop_is_written_and_told,
    database_behind_the_files_is_refused,
    mistake_in_the_desired_schema_is_named_with_its_line,
    desired_schema_is_printed_by_a_command,
    desired_schema_is_that_of_another_database,
    several_files_make_the_desired_schema,
    ignored_tables_are_left_alone,
    drift_is_recorded_as_a_revision,
    drift_is_reverted_by_what_is_printed,
    drift_in_the_way_of_a_pending_revision_is_reverted,
    revision_is_printed_instead_of_written,
    own_migrations_make_their_desired_schema,
    schema_is_drawn,
    no_scratch_database_is_left,
);

on_engine!(
    postgres_only,
    Postgres,
    ignored_objects_of_every_kind_are_left_alone,
    numbers_of_a_column_go_on,
    rights_that_no_file_knows_are_kept,
    unmanaged_ground_of_a_view_is_named,
    moved_table_is_renamed_where_it_is_said,
    dump_is_a_desired_schema,
);

on_engine!(
    mysql_only,
    MySql,
    value_that_the_catalog_does_not_show_is_written_rightly,
    table_with_partitions_is_neither_made_nor_dropped,
);
on_engine!(
    mariadb_only,
    MariaDb,
    value_that_the_catalog_does_not_show_is_written_rightly,
    table_with_partitions_is_neither_made_nor_dropped,
);

const A: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY, b VARCHAR(9) NOT NULL);\n";
const FILES: [(&str, &str); 2] = [("1_a.up.sql", A), ("1_a.down.sql", "DROP TABLE a;\n")];

const DESIRED: &str = "CREATE TABLE a (
    id INTEGER PRIMARY KEY,
    b VARCHAR(9) NOT NULL,
    c INTEGER
);
CREATE TABLE d (
    id INTEGER PRIMARY KEY,
    a_id INTEGER NOT NULL,
    CONSTRAINT d_a FOREIGN KEY (a_id) REFERENCES a (id)
);
CREATE INDEX d_a_id ON d (a_id);
";

/// A project at its head, with this desired schema.
fn project(database: &TestDatabase, desired: &str) -> Folder {
    let folder = Folder::new(&FILES);
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    folder
}

fn call(database: &TestDatabase, folder: &Folder, arguments: &[&str]) -> Ended {
    let mut command = migrate(database, arguments);
    command.arg("--dir").arg(folder.path()).current_dir(folder.path());
    run(command)
}

fn generate(database: &TestDatabase, folder: &Folder, more: &[&str]) -> Ended {
    let arguments = ["revision", "--autogenerate", "-m", "change it", "--output", "json"];
    call(database, folder, &[&arguments, more].concat())
}

/// The text of the one file of this ending that is not the first revision's.
fn written(folder: &Path, ending: &str) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_new = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.ends_with(ending) && !name.starts_with("1_")
    };
    let [path] = entries.filter(is_new).collect::<Vec<_>>().try_into().unwrap();
    fs::read_to_string(path).unwrap()
}

fn count(folder: &Folder) -> usize {
    fs::read_dir(folder.path()).unwrap().count()
}

fn kinds(document: &Value) -> Vec<String> {
    let differences = document["differences"].as_array().unwrap().iter();
    differences.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

async fn desired_schema_becomes_a_proven_revision(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(document["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(document["revisions"][0]["files"].as_array().unwrap().len(), 2);
    assert_eq!(document["losses"].as_array().unwrap().len(), 0, "{document}");
    let up = written(folder.path(), ".up.sql");
    assert!(up.contains("-- change it") && up.contains("CREATE TABLE"), "{up}");
    assert!(written(folder.path(), ".down.sql").contains("DROP TABLE"));
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(document["revisions"].as_array().unwrap().len(), 0);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    call(&database, &folder, &["verify"]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["verify"]).expect(0);
}

async fn nothing_to_generate_is_no_file(database: TestDatabase) {
    let folder = project(&database, A);
    let told = call(&database, &folder, &["revision", "--autogenerate", "-m", "x"]).expect(0);
    assert!(told.stdout.contains("nothing to generate"), "{}", told.stdout);
    assert_eq!(count(&folder), 3);
}

async fn check_tells_what_the_files_lack(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let document = call(&database, &folder, &["check", "--output", "json"]).expect(9).json();
    let kinds = kinds(&document);
    assert!(kinds.iter().any(|kind| kind == "create table"), "{document}");
    assert!(document["next"].as_str().unwrap().contains("--autogenerate"), "{document}");
    let sql = document["differences"][0]["sql"].as_str().unwrap();
    let told = call(&database, &folder, &["check"]).expect(9);
    assert!(told.stdout.contains(sql.lines().next().unwrap()), "{}", told.stdout);
    fs::write(folder.path().join("schema.sql"), A).unwrap();
    call(&database, &folder, &["check"]).expect(0);
}

async fn rename_is_written_where_it_is_said(database: TestDatabase) {
    let desired = "-- @renamed from=a\n\
                   CREATE TABLE people (\n\
                   id INTEGER PRIMARY KEY,\n\
                   name VARCHAR(9) NOT NULL -- @renamed from=b\n\
                   );\n";
    let folder = project(&database, desired);
    database.execute("INSERT INTO a VALUES (1, 'kept')").await;
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(document["losses"].as_array().unwrap().len(), 0, "{document}");
    call(&database, &folder, &["upgrade"]).expect(0);
    assert_eq!(texts(&database, "SELECT name FROM people").await, ["kept"]);
    call(&database, &folder, &["check"]).expect(0);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    assert_eq!(texts(&database, "SELECT b FROM a").await, ["kept"]);
}

const OTHER_COLUMN: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY, c VARCHAR(9) NOT NULL);\n";

async fn rename_is_never_guessed(database: TestDatabase) {
    let folder = project(&database, OTHER_COLUMN);
    let document = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(document["error"]["reason"], "RENAME_OR_DROP");
    let message = document["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("@renamed from=b") && message.contains("--confirm-drop a.b"),
        "{message}"
    );
    assert_eq!(count(&folder), 3, "a file was written");
}

async fn mark_of_a_rename_that_does_nothing_is_refused(database: TestDatabase) {
    for (column, from) in [("total INTEGER", "amout"), ("b VARCHAR(9), x VARCHAR(9)", "b")] {
        let table = format!(
            "CREATE TABLE a (id INTEGER PRIMARY KEY,\n{column} -- @renamed from={from}\n);\n"
        );
        let folder = Folder::new(&FILES);
        fs::write(folder.path().join("schema.sql"), table).unwrap();
        call(&database, &folder, &["upgrade"]).expect(0);
        let document = generate(&database, &folder, &[]).expect(2).json();
        assert_eq!(document["error"]["reason"], "BAD_ANNOTATION", "{document}");
    }
}

async fn changed_view_is_proven(database: TestDatabase) {
    let view = "CREATE VIEW v AS SELECT id FROM a;\n";
    let (up, down) = (A.to_owned() + view, "DROP VIEW v;\nDROP TABLE a;\n");
    let folder = Folder::new(&[("1_a.up.sql", &up), ("1_a.down.sql", down)]);
    let desired = A.to_owned() + "CREATE VIEW v AS SELECT id, b FROM a;\n";
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    generate(&database, &folder, &[]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
}

async fn confirmed_drop_is_written_and_told(database: TestDatabase) {
    let folder = project(&database, OTHER_COLUMN.replace(" NOT NULL", "").as_str());
    let document = generate(&database, &folder, &["--confirm-drop", "a.b"]).expect(0).json();
    assert_eq!(document["losses"].as_array().unwrap().len(), 1, "{document}");
    assert!(written(folder.path(), ".up.sql").contains("-- destructive: "));
}

async fn database_behind_the_files_is_refused(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let second = "CREATE TABLE z (id INTEGER PRIMARY KEY);\n";
    fs::write(folder.path().join("2_z.up.sql"), second).unwrap();
    let document = generate(&database, &folder, &[]).expect(9).json();
    assert_eq!(document["error"]["reason"], "REVISIONS_PENDING");
    let next = document["error"]["next"].as_str().unwrap();
    assert!(next.starts_with("run `migrate upgrade head"), "{next}");
    assert_eq!(count(&folder), 4, "a file was written");
    call(&database, &folder, &["upgrade"]).expect(0);
    fs::remove_file(folder.path().join("2_z.up.sql")).unwrap();
    let document = generate(&database, &folder, &[]).expect(9).json();
    let next = document["error"]["next"].as_str().unwrap();
    assert!(next.starts_with("run `migrate repair"), "{next}");
}

async fn mistake_in_the_desired_schema_is_named_with_its_line(database: TestDatabase) {
    let folder = project(
        &database,
        "CREATE TABLE a (id INTEGER PRIMARY KEY);\n\nCREATE TABEL b (x INTEGER);\n",
    );
    let document = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(document["error"]["reason"], "DESIRED_SCHEMA_INVALID");
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("schema.sql:3: "), "{message}");
    fs::remove_file(folder.path().join("schema.sql")).unwrap();
    let document = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(document["error"]["reason"], "NO_DESIRED_SCHEMA");
}

async fn desired_schema_is_printed_by_a_command(database: TestDatabase) {
    let folder = project(&database, A);
    let broken = generate(&database, &folder, &["--desired-cmd", "exit 3"]).expect(2).json();
    assert_eq!(broken["error"]["reason"], "DESIRED_COMMAND_FAILED");
    let print = format!("printf '%s' '{}'", DESIRED.replace('\n', " "));
    let document = generate(&database, &folder, &["--desired-cmd", &print]).expect(0).json();
    assert_eq!(document["revisions"].as_array().unwrap().len(), 1);
}

async fn desired_schema_is_that_of_another_database(database: TestDatabase) {
    let folder = project(&database, A);
    let other = TestDatabase::create(database.engine()).await;
    other.execute(DESIRED).await;
    let document = generate(&database, &folder, &["--desired-url", other.url()]).expect(0).json();
    assert_eq!(document["revisions"].as_array().unwrap().len(), 1, "{document}");
}

async fn several_files_make_the_desired_schema(database: TestDatabase) {
    let folder = project(&database, A);
    let parts = folder.path().join("parts");
    fs::create_dir(&parts).unwrap();
    fs::write(parts.join("10_a.sql"), A).unwrap();
    fs::write(parts.join("20_e.sql"), "CREATE TABLE e (id INTEGER PRIMARY KEY);\n").unwrap();
    let desired = ["--desired", parts.to_str().unwrap()];
    let document = generate(&database, &folder, &desired).expect(0).json();
    assert_eq!(kinds(&document), ["create table"]);
}

async fn ignored_tables_are_left_alone(database: TestDatabase) {
    let folder = project(&database, "CREATE TABLE other (id INTEGER PRIMARY KEY);\n");
    let arguments = ["--ignore", "other", "--ignore", "a*"];
    let document = generate(&database, &folder, &arguments).expect(0).json();
    assert_eq!(document["revisions"].as_array().unwrap().len(), 0, "{document}");
    fs::write(folder.path().join("migrate.toml"), "[autogenerate]\nignore = [\"a\"]\n").unwrap();
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(kinds(&document), ["create table"]);
}

async fn ignored_objects_of_every_kind_are_left_alone(database: TestDatabase) {
    let others = "CREATE SCHEMA audit; CREATE TABLE audit.x (id INT); CREATE TYPE audit.e AS ENUM ('a');
        CREATE FUNCTION audit.f() RETURNS INT LANGUAGE sql AS 'SELECT 1'; CREATE VIEW old_v AS SELECT 1 AS one;
        CREATE SEQUENCE old_s; CREATE TYPE old_e AS ENUM ('a'); CREATE TABLE old_t (id INT);
        CREATE FUNCTION old_f() RETURNS INT LANGUAGE sql AS 'SELECT 1';";
    let folder = Folder::new(&[("1_a.up.sql", &(A.to_owned() + others))]);
    fs::write(folder.path().join("schema.sql"), A).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    let found = generate(&database, &folder, &["--ignore", "audit.*", "--ignore", "old_*"]);
    let document = found.expect(0).json();
    assert_eq!(document["differences"], serde_json::json!([]), "{document}");
}

async fn value_that_the_catalog_does_not_show_is_written_rightly(database: TestDatabase) {
    let table = |values: &str| {
        format!(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, e ENUM ({values})) CHARACTER SET utf8mb4;\n"
        )
    };
    let folder = Folder::new(&[("1_a.up.sql", &table("'\u{1F600}', 'why?'"))]);
    fs::write(folder.path().join("schema.sql"), table("'\u{1F600}', 'why?', 'c'")).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    let document = generate(&database, &folder, &["--sql"]).expect(0).json();
    assert!(document.to_string().contains("enum('\u{1F600}','why?','c')"), "{document}");
    let plain =
        table("'\u{1F600}', 'why?'").replace(") CHAR", ", b VARCHAR(5) DEFAULT 'so?') CHAR");
    fs::write(folder.path().join("schema.sql"), plain).unwrap();
    generate(&database, &folder, &[]).expect(0);
}

async fn table_with_partitions_is_neither_made_nor_dropped(database: TestDatabase) {
    let parted = "CREATE TABLE p (id INTEGER PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 4;\n";
    let folder = project(&database, &(A.to_owned() + parted));
    let document = generate(&database, &folder, &[]).expect(11).json();
    assert!(document["error"]["message"].as_str().unwrap().contains("partitions"), "{document}");
    generate(&database, &folder, &["--ignore", "p"]).expect(0);
    let folder = Folder::new(&[("2_p.up.sql", parted)]);
    fs::write(folder.path().join("schema.sql"), "-- nothing\n").unwrap();
    let other = TestDatabase::create(database.engine()).await;
    call(&other, &folder, &["upgrade"]).expect(0);
    generate(&other, &folder, &["--confirm-drop", "p"]).expect(11);
}

async fn dump_is_a_desired_schema(database: TestDatabase) {
    let dump = "SET check_function_bodies = false;\n\
                SELECT pg_catalog.set_config('search_path', '', false);\n\
                CREATE TABLE public.a (id integer NOT NULL, b character varying(9) NOT NULL);\n\
                ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n";
    let folder = project(&database, dump);
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(document["differences"], serde_json::json!([]), "{document}");
}

async fn numbers_of_a_column_go_on(database: TestDatabase) {
    let table =
        |id: &str| format!("CREATE TABLE a (id {id} PRIMARY KEY, b VARCHAR(9) NOT NULL);\n");
    let identity = table("INTEGER GENERATED ALWAYS AS IDENTITY");
    let folder =
        Folder::new(&[("1_a.up.sql", &table("SERIAL")), ("1_a.down.sql", "DROP TABLE a;\n")]);
    fs::write(folder.path().join("schema.sql"), identity).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    database.execute("INSERT INTO a (b) VALUES ('x'), ('y')").await;
    generate(&database, &folder, &[]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    database.execute("INSERT INTO a (b) VALUES ('z')").await;
    assert_eq!(texts(&database, "SELECT max(id)::text FROM a").await, ["3"]);
}

async fn rights_that_no_file_knows_are_kept(database: TestDatabase) {
    let schema = |kind: &str| {
        format!("CREATE TABLE a (id {kind} PRIMARY KEY);\nCREATE VIEW v AS SELECT id FROM a;\n")
    };
    let down = "DROP VIEW v;\nDROP TABLE a;\n";
    let folder = Folder::new(&[("1_a.up.sql", &schema("INTEGER")), ("1_a.down.sql", down)]);
    fs::write(folder.path().join("schema.sql"), schema("BIGINT")).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    database.execute("GRANT SELECT ON v TO pg_monitor; ALTER VIEW v OWNER TO pg_monitor").await;
    generate(&database, &folder, &[]).expect(0);
    let rights = "SELECT relowner::regrole || relacl::text FROM pg_class WHERE relname = 'v'";
    let before = texts(&database, rights).await;
    call(&database, &folder, &["upgrade"]).expect(0);
    assert_eq!(texts(&database, rights).await, before);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    assert_eq!(texts(&database, rights).await, before);
}

async fn unmanaged_ground_of_a_view_is_named(database: TestDatabase) {
    let parted = "CREATE TABLE p (id INTEGER) PARTITION BY RANGE (id);\n\
                  CREATE VIEW v AS SELECT id FROM p;\n";
    let folder = project(&database, &(A.to_owned() + parted));
    let document = generate(&database, &folder, &[]).expect(11).json();
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("not managed: partitioned table p"), "{message}");
}

async fn moved_table_is_renamed_where_it_is_said(database: TestDatabase) {
    let made = "CREATE SCHEMA s;\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n";
    let down = "DROP TABLE t;\nDROP SCHEMA s;\n";
    let folder = Folder::new(&[("1_a.up.sql", made), ("1_a.down.sql", down)]);
    let moved = "CREATE SCHEMA s;\nCREATE TABLE s.t (id INTEGER PRIMARY KEY);";
    fs::write(folder.path().join("schema.sql"), moved).unwrap();
    call(&database, &folder, &["upgrade"]).expect(0);
    let document = generate(&database, &folder, &[]).expect(2).json();
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("`-- @renamed from=public.t`"), "{message}");
    let marked = format!("{moved} -- @renamed from=public.t\n");
    fs::write(folder.path().join("schema.sql"), marked).unwrap();
    generate(&database, &folder, &[]).expect(0);
}

const DRIFT: &str =
    "ALTER TABLE a ADD COLUMN z INTEGER; CREATE TABLE extra (id INTEGER PRIMARY KEY)";

async fn drift_is_recorded_as_a_revision(database: TestDatabase) {
    let folder = project(&database, A);
    database.execute(DRIFT).await;
    database.execute("INSERT INTO extra VALUES (7)").await;
    call(&database, &folder, &["verify", "--adopt", "-m", "what ops did"]).expect(0);
    assert!(written(folder.path(), "what_ops_did.up.sql").contains("extra"));
    call(&database, &folder, &["verify"]).expect(0);
    call(&database, &folder, &["current", "--check-heads"]).expect(0);
    assert_eq!(texts(&database, "SELECT CAST(id AS CHAR(9)) FROM extra").await, ["7"]);
}

async fn drift_is_reverted_by_what_is_printed(database: TestDatabase) {
    let folder = project(&database, A);
    let none = call(&database, &folder, &["verify", "--revert"]).expect(0);
    assert!(none.stdout.starts_with("-- "), "{}", none.stdout);
    database.execute(DRIFT).await;
    let printed = call(&database, &folder, &["verify", "--revert"]).expect(0).stdout;
    database.execute(&printed).await;
    call(&database, &folder, &["verify"]).expect(0);
}

async fn drift_in_the_way_of_a_pending_revision_is_reverted(database: TestDatabase) {
    let folder = project(&database, A);
    let index = "CREATE INDEX a_b ON a (b);\n";
    fs::write(folder.path().join("2_index.up.sql"), index).unwrap();
    database.execute(index).await;
    let refused = call(&database, &folder, &["verify", "--adopt"]).expect(9).stderr;
    assert!(refused.contains("`migrate verify --revert`"), "{refused}");
    call(&database, &folder, &["upgrade"]).expect(6);
    let printed = call(&database, &folder, &["verify", "--revert"]).expect(0).stdout;
    database.execute(&printed).await;
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["verify"]).expect(0);
}

async fn revision_is_printed_instead_of_written(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let arguments = ["revision", "--autogenerate", "-m", "x", "--sql"];
    let printed = call(&database, &folder, &arguments).expect(0).stdout;
    assert!(printed.contains("CREATE TABLE") && printed.contains(".down.sql"), "{printed}");
    assert_eq!(count(&folder), 3);
}

async fn own_migrations_make_their_desired_schema(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    let document = run(migrate(&database, &["check", "--output", "json"])).expect(0).json();
    assert_eq!(document["differences"].as_array().unwrap().len(), 0);
}

async fn schema_is_drawn(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    database.execute(DESIRED.split_once(");\n").unwrap().1).await;
    let drawn = call(&database, &folder, &["graph", "--schema"]).expect(0).stdout;
    assert!(drawn.starts_with("erDiagram\n"), "{drawn}");
    assert!(drawn.contains("\"d\" }o--|| \"a\" : \"a_id\""), "{drawn}");
    assert!(drawn.contains(" id PK\n") && drawn.contains(" a_id FK \"not null\"\n"), "{drawn}");
}

async fn no_scratch_database_is_left(database: TestDatabase) {
    for desired in [DESIRED, "CREATE TABEL", OTHER_COLUMN] {
        let folder = project(&database, desired);
        let mut command = migrate(&database, &["revision", "--autogenerate", "-m", "x", "--dir"]);
        let child = command.arg(folder.path()).spawn().unwrap();
        let id = child.id();
        child.wait_with_output().unwrap();
        assert_eq!(scratch_of(&database, id).await, None);
    }
}

/// The scratch database that a process has left on the server, if it has.
async fn scratch_of(database: &TestDatabase, process: u32) -> Option<String> {
    let list = match database.engine() {
        Engine::Sqlite => return None,
        Engine::MySql | Engine::MariaDb => {
            "SELECT CAST(schema_name AS CHAR(255)) FROM information_schema.schemata"
        }
        Engine::Postgres => "SELECT datname::text FROM pg_database",
    };
    // The name of a scratch database ends with the process that made it.
    let ending = format!("_{process:x}");
    let mut names = texts(database, list).await.into_iter();
    names.find(|name| name.contains("scratch") && name.ends_with(&ending))
}
