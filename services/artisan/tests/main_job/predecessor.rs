//! A database of the predecessor, made by the statements of its own migrations, with rows to taste.

use artisan_testkit::{Engine, TestDatabase};

const MYSQL: &str = include_str!("../predecessor/mysql.sql");
const SQLITE: &str = include_str!("../predecessor/sqlite.sql");
const POSTGRES: &str = include_str!("../predecessor/postgres.sql");

/// When everybody has registered who is not told otherwise.
pub(crate) const REGISTERED: &str = "2025-06-12 15:17:19";

/// Statements that fill the tables.
#[derive(Debug)]
pub(crate) struct Rows(String);

impl Rows {
    /// None yet; keys need not lead anywhere.
    pub(crate) fn on(engine: Engine) -> Self {
        let unchecked = match engine {
            Engine::Sqlite => "PRAGMA foreign_keys = OFF;",
            Engine::MySql | Engine::MariaDb => "SET FOREIGN_KEY_CHECKS = 0; SET sql_mode = '';",
            Engine::Postgres => "SET session_replication_role = replica;",
        };
        Self(unchecked.to_owned())
    }

    pub(crate) fn sql(mut self, sql: &str) -> Self {
        self.0.push_str(sql);
        self.0.push_str(";\n");
        self
    }

    fn insert(self, table: &str, values: &[Option<&str>]) -> Self {
        let quoted = |value: Option<&str>| match value {
            Some(text) => format!("'{}'", text.replace('\'', "''")),
            None => "NULL".to_owned(),
        };
        let values: Vec<String> = values.iter().copied().map(quoted).collect();
        self.sql(&format!("INSERT INTO {table} VALUES ({})", values.join(", ")))
    }

    /// A user who registered at [`REGISTERED`].
    pub(crate) fn user(self, id: &str, email: &str, password: &str, address: Option<&str>) -> Self {
        self.user_of(id, email, password, Some(REGISTERED), "active", address)
    }

    pub(crate) fn user_of(
        self,
        id: &str,
        email: &str,
        password: &str,
        registered: Option<&str>,
        status: &str,
        address: Option<&str>,
    ) -> Self {
        let values = [Some(id), Some(email), Some(password), registered, Some(status), address];
        self.insert(
            "users (user_id, email, password, registration_date, status, address_id)",
            &values,
        )
    }

    pub(crate) fn artisan(self, id: &str, name: &str, bio: Option<&str>, status: &str) -> Self {
        let values = [Some(id), Some(name), bio, None, Some(status)];
        self.insert("artisans (artisan_id, store_name, bio, phone, status)", &values)
    }

    pub(crate) fn buyer(self, id: &str, name: &str) -> Self {
        let values = [Some(id), Some(name), Some("11988887777")];
        self.insert("buyers (buyer_id, full_name, phone)", &values)
    }

    /// An address in Salvador.
    pub(crate) fn address(self, id: &str, street: &str, zip_code: &str, country: &str) -> Self {
        let values = [id, street, "Centro Histórico", "Salvador", "BA", zip_code, country];
        self.insert(
            "addresses (address_id, street, neighborhood, city, state, zip_code, country)",
            &values.map(Some),
        )
    }
}

/// A database of the predecessor with these rows.
pub(crate) async fn with(engine: Engine, rows: Rows) -> TestDatabase {
    with_charset(engine, "", rows).await
}

/// The same, made on a server with other habits.
pub(crate) async fn with_charset(engine: Engine, before: &str, rows: Rows) -> TestDatabase {
    let database = TestDatabase::create(engine).await;
    if !before.is_empty() {
        database.execute(before).await;
    }
    database.execute(schema(engine)).await;
    database.execute(&rows.0).await;
    database
}

fn schema(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => SQLITE,
        Engine::MySql | Engine::MariaDb => MYSQL,
        Engine::Postgres => POSTGRES,
    }
}

/// The id of the user of that number.
pub(crate) fn id(number: u32) -> String {
    format!("{number:08x}-6d0c-4a3e-9f6e-2f1f0a9b8c7d")
}
