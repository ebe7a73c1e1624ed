//! Commands that only read, as a user who may only read.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{bare, migrate, run};

artisan_testkit::on_engine!(mariadb, MariaDb, reader_may_look);
artisan_testkit::on_engine!(mysql, MySql, reader_may_look);
artisan_testkit::on_engine!(postgres, Postgres, reader_may_look, replica_may_be_looked_at);
artisan_testkit::on_engine!(
    sqlite,
    Sqlite,
    file_may_be_looked_at,
    file_of_a_killed_program_may_be_looked_at
);

/// A user of the server that is dropped by [`Reader::drop_user`].
pub(crate) struct Reader {
    name: String,
    url: String,
}

impl Reader {
    pub(crate) async fn new(database: &TestDatabase) -> Self {
        let (server, name_there) = database.url().rsplit_once('/').unwrap();
        // MySQL allows 32 characters.
        let name = format!("r_{name_there}");
        let sql = match database.engine() {
            Engine::Postgres => format!(
                "CREATE ROLE {name} LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA public TO {name}; \
                 GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"
            ),
            _ => format!(
                "CREATE USER {name} IDENTIFIED BY 'pw'; GRANT SELECT ON {name_there}.* TO {name}"
            ),
        };
        database.execute(&sql).await;
        let host = server.rsplit_once('@').unwrap().1;
        let scheme = server.split_once("://").unwrap().0;
        let url = format!("{scheme}://{name}:pw@{host}/{name_there}");
        Self { name, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn drop_user(self, database: &TestDatabase) {
        let name = self.name;
        let sql = match database.engine() {
            Engine::Postgres => format!("DROP OWNED BY {name}; DROP ROLE {name}"),
            _ => format!("DROP USER {name}"),
        };
        database.execute(&sql).await;
    }
}

/// Everything that only looks. With nothing pending even an upgrade writes nothing.
const COMMANDS: [&[&str]; 12] = [
    &["current", "--check-heads"],
    &["history", "-v", "-i"],
    &["heads", "-v"],
    &["branches"],
    &["show", "head"],
    &["graph"],
    &["wait", "--timeout", "5s"],
    &["verify", "--checksums"],
    &["plan"],
    &["repair"],
    &["grants", "somebody"],
    &["upgrade"],
];

async fn reader_may_look(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    let reader = Reader::new(&database).await;
    let ended = COMMANDS.map(|arguments| {
        let mut command = bare(arguments);
        command.env("DATABASE_URL", &reader.url);
        run(command)
    });
    reader.drop_user(&database).await;
    for ended in ended {
        ended.expect(0);
    }
}

/// A replica answers as a database does whose transactions only read.
async fn replica_may_be_looked_at(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    let name = database.url().rsplit_once('/').unwrap().1;
    let sql = format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
    database.execute(&sql).await;
    for arguments in COMMANDS {
        run(migrate(&database, arguments)).expect(0);
    }
    let refused = run(migrate(&database, &["stamp", "base"])).expect(2);
    assert!(refused.stderr.contains("cannot be written"), "{}", refused.stderr);
}

async fn file_may_be_looked_at(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    let before = std::fs::read(database.url().strip_prefix("sqlite://").unwrap()).unwrap();
    for arguments in COMMANDS {
        let mut command = bare(arguments);
        command.env("DATABASE_URL", format!("{}?mode=ro", database.url()));
        run(command).expect(0);
    }
    let after = std::fs::read(database.url().strip_prefix("sqlite://").unwrap()).unwrap();
    assert!(before == after, "the file has changed");
}

/// What a killed program leaves is a journal that has to be rolled back before anybody can read.
async fn file_of_a_killed_program_may_be_looked_at(database: TestDatabase) {
    use sqlx::{Connection as _, Executor as _};
    let folder = super::folder::Folder::new(&[("1_a.sql", "CREATE TABLE a (t TEXT);\n")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let mut writer = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
    writer.execute("PRAGMA journal_mode = DELETE").await.unwrap();
    // A small cache makes it write into the file before the commit.
    writer.execute("PRAGMA cache_size = 1").await.unwrap();
    writer.execute("BEGIN").await.unwrap();
    let rows = "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE \
                i < 2000) SELECT hex(randomblob(200)) FROM n";
    writer.execute(rows).await.unwrap();
    let file = database.url().trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let copy = folder.path().join("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    std::fs::copy(format!("{file}-journal"), folder.path().join("copy.db-journal")).unwrap();
    writer.close().await.unwrap();
    let mut command = bare(&["current", "--dir", dir, "--output", "json"]);
    command.env("DATABASE_URL", format!("sqlite:{}", copy.display()));
    let seen = run(command).expect(0).json();
    assert_eq!(seen["current"][0]["version"], "1", "{seen}");
    assert!(!folder.path().join("copy.db-journal").exists());
}
