//! What every command prints on SQLite.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::sync::LazyLock;

use artisan_testkit::{Engine, TestDatabase};
use serde_json::Value;

use super::super::folder::{Folder, bare, run};

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| artisan_testkit::block_on(collect()));

/// The commands run once, however many tests ask.
pub(super) fn documents() -> &'static [Value] {
    &DOCUMENTS
}

async fn collect() -> Vec<Value> {
    let (mut managed, mut failing) = (Session::new().await, Session::new().await);
    author(&mut managed);
    read_files(&mut managed);
    move_database(&mut managed);
    read_database(&mut managed).await;
    script(&mut managed);
    let adopted = adopt(Session::new().await).await;
    let squashed = squash(Session::new().await);
    fail(&mut failing);
    [managed.told, compare().await, adopted, squashed, failing.told].concat()
}

/// A folder of migrations, a database, and what was said about them.
struct Session {
    folder: Folder,
    database: TestDatabase,
    told: Vec<Value>,
}

impl Session {
    async fn new() -> Self {
        let database = TestDatabase::create(Engine::Sqlite).await;
        Self { folder: Folder::new(&[]), database, told: Vec::new() }
    }

    /// Runs a command without a database.
    fn files(&mut self, code: i32, arguments: &[&str]) {
        self.run(code, arguments, None);
    }

    /// Runs a command with a database.
    fn with(&mut self, code: i32, arguments: &[&str]) {
        let url = self.database.url().to_owned();
        self.run(code, arguments, Some(&url));
    }

    fn run(&mut self, code: i32, arguments: &[&str], url: Option<&str>) {
        let mut command = bare(arguments);
        command.args(["--output", "json", "--dir"]).arg(self.folder.path().join("migrations"));
        command.current_dir(self.folder.path()).env("VISUAL", "true");
        command.envs(url.map(|url| ("DATABASE_URL", url)));
        let ended = run(command);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        self.told.push(ended.json());
    }

    /// Adds statements to a file.
    fn write(&self, file: &str, sql: &str) {
        let path = self.folder.path().join("migrations").join(file);
        let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(sql.as_bytes()).unwrap();
    }
}

/// Makes a history with two branches, a merge, and a contract revision.
fn author(session: &mut Session) {
    session.files(0, &["init"]);
    session.files(0, &["revision", "-m", "a", "--rev-id", "1"]);
    session.files(0, &["revision", "-m", "b", "--rev-id", "2"]);
    let shop = ["revision", "-m", "c", "--rev-id", "3", "--head", "1", "--splice"];
    session.files(0, &[&shop[..], &["--branch-label", "shop"]].concat());
    session.files(0, &["rebase", "2"]);
    session.files(0, &["revision", "-m", "d", "--rev-id", "5", "--head", "1", "--splice"]);
    session.files(0, &["merge", "heads"]);
    session.files(0, &["revision", "-m", "e", "--rev-id", "7", "--phase", "contract"]);
    session.files(0, &["revision", "-m", "f", "--sql"]);
    session.files(0, &["edit", "head"]);
    for (file, sql) in [
        ("0001_a.up.sql", "CREATE TABLE a (i INTEGER PRIMARY KEY);\n"),
        ("0001_a.down.sql", "DROP TABLE a;\n"),
        ("0003_c.up.sql", "CREATE TABLE c (i INTEGER);\n"),
        ("0003_c.down.sql", "DROP TABLE c;\n"),
        ("0004_b.up.sql", "INSERT INTO a VALUES (1);\nCREATE INDEX b ON a (i);\n"),
        ("0007_e.up.sql", "DROP TABLE c;\n"),
        ("0007_e.down.sql", "CREATE TABLE c (i INTEGER);\n"),
    ] {
        session.write(file, sql);
    }
}

fn read_files(session: &mut Session) {
    for arguments in [
        &["heads"][..],
        &["branches"],
        &["graph"],
        &["history"],
        &["show", "1"],
        &["show", "1", "shop"],
        &["plan", "--engine", "sqlite"],
        &["lint", "--list-rules"],
        &["completions", "zsh"],
        &["man", "pages"],
    ] {
        session.files(0, arguments);
    }
    session.files(10, &["lint", "--engine", "sqlite"]);
}

fn move_database(session: &mut Session) {
    session.with(9, &["check"]);
    session.with(0, &["show", "current"]);
    session.with(0, &["ensure-version"]);
    session.with(0, &["upgrade", "1"]);
    session.with(0, &["plan"]);
    session.with(0, &["upgrade"]);
    session.with(0, &["wait", "--timeout", "9s"]);
    session.with(9, &["current", "--check-heads"]);
    session.with(0, &["upgrade", "--phase", "contract"]);
    session.with(0, &["plan", "--down", "base"]);
    session.with(0, &["downgrade", "-1"]);
    session.with(0, &["stamp", "head"]);
    session.with(0, &["stamp", "shop"]);
    session.with(0, &["stamp", "head"]);
}

async fn read_database(session: &mut Session) {
    session.database.execute("DROP TABLE c").await;
    for arguments in [
        &["check"][..],
        &["current"],
        &["history"],
        &["graph"],
        &["show", "current"],
        &["verify"],
        &["verify", "--checksums"],
        &["repair"],
        &["schema"],
        &["grants", "app"],
    ] {
        session.with(0, arguments);
    }
    session.database.execute("CREATE TABLE extra (i INTEGER)").await;
    session.with(9, &["verify", "--drift"]);
}

/// What is compared with a desired schema, and what somebody made past the files.
async fn compare() -> Vec<Value> {
    let mut session = Session::new().await;
    session.files(0, &["init"]);
    session.write("schema.sql", "CREATE TABLE a (i INTEGER PRIMARY KEY);\n");
    session.with(9, &["check"]);
    session.with(0, &["revision", "--autogenerate", "-m", "a"]);
    session.with(0, &["upgrade"]);
    session.database.execute("CREATE TABLE extra (i INTEGER)").await;
    session.with(0, &["verify", "--revert"]);
    session.with(0, &["verify", "--adopt"]);
    session.with(0, &["graph", "--schema"]);
    session.told
}

fn script(session: &mut Session) {
    session.with(0, &["upgrade", "--sql"]);
    session.with(0, &["downgrade", "head:base", "--sql"]);
    session.with(0, &["stamp", "head", "--sql"]);
    session.with(0, &["ensure-version", "--sql"]);
}

async fn adopt(mut session: Session) -> Vec<Value> {
    let tables = "CREATE TABLE users (id INTEGER PRIMARY KEY);
                  CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
                  INSERT INTO alembic_version VALUES ('1975ea83b712')";
    session.database.execute(tables).await;
    session.files(0, &["init"]);
    session.with(0, &["adopt", "--dry-run"]);
    session.with(0, &["adopt"]);
    session.told
}

fn squash(mut session: Session) -> Vec<Value> {
    fs::create_dir(session.folder.path().join("migrations")).unwrap();
    session.write("1_a.up.sql", "CREATE TABLE a (at TEXT DEFAULT CURRENT_TIMESTAMP);\n");
    session.write("2_b.up.sql", "INSERT INTO a DEFAULT VALUES;\n");
    session.with(0, &["upgrade"]);
    session.with(11, &["squash", "--to", "2"]);
    session.with(0, &["squash", "--to", "2", "--freeze", "--dry-run"]);
    session.with(0, &["squash", "--to", "2", "--freeze"]);
    session.with(0, &["upgrade"]);
    session.told
}

/// An error of each kind that a file, a database or a command line may bring about.
fn fail(session: &mut Session) {
    fs::create_dir(session.folder.path().join("migrations")).unwrap();
    session.write("1_a.sql", "CREATE TABLE a (i INTEGER);\n");
    session.files(2, &["upgrade"]);
    session.files(2, &["upgrade", "--phase", "later"]);
    session.files(2, &[]);
    session.with(4, &["wait", "--timeout", "10ms"]);
    lock_out(session);
    session.write("2_b.sql", "INSERT INTO missing VALUES (1);\n");
    session.with(6, &["upgrade"]);
    session.write("1_a.sql", "-- edited\n");
    session.with(7, &["upgrade"]);
    session.with(0, &["repair"]);
    session.with(0, &["repair", "--accept", "1"]);
}

fn lock_out(session: &mut Session) {
    let path = session.database.url().strip_prefix("sqlite://").unwrap();
    fs::write(path, "").unwrap();
    let lock = fs::File::create(format!("{path}.migrate-lock")).unwrap();
    lock.lock().unwrap();
    session.with(5, &["upgrade", "--lock-timeout", "50ms"]);
}
