//! The description of the tables is what the migrations make.

use std::collections::BTreeSet;

use artisan_store::transfer::{Column, Kind, TABLES, Table};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::Connection as _;

use super::fresh;

artisan_testkit::on_every_engine! {
    every_column_of_the_catalog_is_described,
    what_a_migration_adds_is_missed_until_it_is_described,
}

/// Who does what at the moment: the one table that does not move.
const LEFT_BEHIND: &str = "leases";

async fn every_column_of_the_catalog_is_described(database: TestDatabase) {
    let database = fresh(database.engine()).await;
    let (missed, gone) = differences(&database).await;
    let told = "describe them in crates/store/src/transfer/tables.rs";
    assert!(missed.is_empty() && gone.is_empty(), "{told}: {missed:#?}; not there: {gone:#?}");
}

async fn what_a_migration_adds_is_missed_until_it_is_described(database: TestDatabase) {
    let database = fresh(database.engine()).await;
    database.execute("ALTER TABLE buyers ADD COLUMN nickname TEXT").await;
    database.execute("CREATE TABLE favourites (name VARCHAR(20) PRIMARY KEY)").await;
    database.execute("DROP TABLE mail_limits").await;
    let (missed, gone) = differences(&database).await;
    let missed: Vec<&str> = missed.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(missed, ["buyers.nickname", "favourites.name"]);
    let gone: Vec<&str> = gone.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(gone, ["mail_limits.mails", "mail_limits.subject", "mail_limits.window_time"]);
}

/// The columns of the catalog that are not described as they are, and those described that are not there.
async fn differences(database: &TestDatabase) -> (Vec<String>, Vec<String>) {
    let engine = database.engine();
    let found = catalog(database).await.into_iter().filter(|line| is_ours(line));
    let found: BTreeSet<String> = found.collect();
    let described = TABLES.iter().flat_map(|table| {
        table.columns.iter().enumerate().map(move |(at, column)| {
            let null = if is_null(column.kind) { "null" } else { "not null" };
            let key = if at < table.key { " key" } else { "" };
            let kind = type_of(engine, table, column);
            format!("{}.{} {kind} {null}{key}", table.name, column.name)
        })
    });
    let described: BTreeSet<String> = described.collect();
    let missed = found.difference(&described).cloned().collect();
    (missed, described.difference(&found).cloned().collect())
}

/// The runner's own tables begin with an underscore.
fn is_ours(line: &str) -> bool {
    !line.starts_with('_') && !line.starts_with(&format!("{LEFT_BEHIND}."))
}

fn is_null(kind: Kind) -> bool {
    match kind {
        Kind::MaybeId
        | Kind::MaybeText(_)
        | Kind::MaybeNumber
        | Kind::MaybeTime
        | Kind::MaybeHash => true,
        Kind::Id
        | Kind::Text(_)
        | Kind::Flag
        | Kind::Number
        | Kind::Time
        | Kind::Hash
        | Kind::Blob(_) => false,
    }
}

fn type_of(engine: Engine, table: &Table, column: &Column) -> String {
    match (engine, column.kind) {
        (Engine::Postgres, Kind::Id | Kind::MaybeId) => "uuid".to_owned(),
        (Engine::Postgres, Kind::Text(n) | Kind::MaybeText(n)) => format!("character varying({n})"),
        (Engine::Postgres, Kind::Flag) => "boolean".to_owned(),
        (Engine::Postgres, Kind::Number | Kind::MaybeNumber) => "bigint".to_owned(),
        (Engine::Postgres, Kind::Time | Kind::MaybeTime) => "timestamp with time zone".to_owned(),
        (Engine::Postgres, Kind::Hash | Kind::MaybeHash | Kind::Blob(_)) => "bytea".to_owned(),
        (Engine::MySql | Engine::MariaDb, kind) => match kind {
            Kind::Id | Kind::MaybeId => "binary(16)".to_owned(),
            Kind::Text(n) | Kind::MaybeText(n) => format!("varchar({n})"),
            Kind::Flag => "tinyint(1)".to_owned(),
            Kind::Number | Kind::MaybeNumber => "bigint".to_owned(),
            Kind::Time | Kind::MaybeTime => "datetime(6)".to_owned(),
            Kind::Hash | Kind::MaybeHash => "binary(32)".to_owned(),
            Kind::Blob(_) => "blob".to_owned(),
        },
        (Engine::Sqlite, kind) => match kind {
            Kind::Id | Kind::MaybeId => "BLOB 16".to_owned(),
            // Names of which there are few have no length but a list.
            Kind::Text(20) if is_listed(table, column) => "TEXT listed".to_owned(),
            Kind::Text(n) | Kind::MaybeText(n) => format!("TEXT {n}"),
            Kind::Flag => "INTEGER listed".to_owned(),
            Kind::Number | Kind::MaybeNumber | Kind::Time | Kind::MaybeTime => "INTEGER".to_owned(),
            Kind::Hash | Kind::MaybeHash => "BLOB 32".to_owned(),
            Kind::Blob(_) => "BLOB".to_owned(),
        },
    }
}

fn is_listed(table: &Table, column: &Column) -> bool {
    let listed = ["users.state", "user_roles.role", "artisans.state", "account_tokens.kind"];
    listed.contains(&format!("{}.{}", table.name, column.name).as_str())
}

/// `table.column type null key` for every column.
async fn catalog(database: &TestDatabase) -> Vec<String> {
    match database.engine() {
        Engine::Postgres => {
            let mut connection =
                sqlx::PgConnection::connect(database.url()).await.expect("a server");
            let sql = "SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type \
                 || COALESCE('(' || c.character_maximum_length || ')', '') \
                 || CASE c.is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END \
                 || CASE WHEN k.column_name IS NULL THEN '' ELSE ' key' END \
                 FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k \
                 ON k.table_schema = c.table_schema AND k.table_name = c.table_name \
                 AND k.column_name = c.column_name AND k.constraint_name = c.table_name || '_pkey' \
                 WHERE c.table_schema = current_schema()";
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("columns")
        }
        Engine::MySql | Engine::MariaDb => {
            let mut connection =
                sqlx::MySqlConnection::connect(database.url()).await.expect("a server");
            // MariaDB tells the width that it shows.
            let sql = "SELECT CAST(CONCAT(table_name, '.', column_name, ' ', \
                 REPLACE(column_type, 'bigint(20)', 'bigint'), \
                 IF(is_nullable = 'YES', ' null', ' not null'), IF(column_key = 'PRI', ' key', '')) \
                 AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE()";
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("columns")
        }
        Engine::Sqlite => sqlite(database).await,
    }
}

/// `SQLite` has lengths as conditions only.
async fn sqlite(database: &TestDatabase) -> Vec<String> {
    let mut connection = sqlx::SqliteConnection::connect(database.url()).await.expect("a file");
    let sql = "SELECT m.sql, m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master m, \
         pragma_table_info(m.name) c WHERE m.type = 'table'";
    let columns: Vec<(String, String, String, String, i64, i64)> =
        sqlx::query_as(sql).fetch_all(&mut connection).await.expect("columns");
    let told =
        |(made, table, name, kind, not_null, key): &(String, String, String, String, i64, i64)| {
            let length = made.split_once(&format!("length({name}) ")).map(|(_, rest)| {
                let digits = rest.trim_start_matches(['<', '=', ' ']);
                digits.split(')').next().unwrap_or_default()
            });
            let condition = match length {
                Some(length) => format!(" {length}"),
                None if made.contains(&format!("{name} IN (")) => " listed".to_owned(),
                None => String::new(),
            };
            let null = if *not_null == 0 { "null" } else { "not null" };
            let key = if *key == 0 { "" } else { " key" };
            format!("{table}.{name} {kind}{condition} {null}{key}")
        };
    columns.iter().map(told).collect()
}
