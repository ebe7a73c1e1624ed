use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use artisan_schema::ddl::{Script, Statement};
use artisan_schema::model::Schema;
use sqlx::{Connection, Executor, PgConnection, Row};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a connection")
}

/// Several statements in one text are one transaction.
pub(crate) async fn execute(url: &str, sql: &str) -> Result<(), String> {
    let mut connection = connect(url).await;
    let done = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    done.map(drop).map_err(|error| error.to_string())
}

/// Runs one way of a script as a file of it is run: in one transaction, unless it says otherwise.
pub(crate) async fn apply(
    url: &str,
    script: &Script,
    statements: &[Statement],
) -> Result<(), String> {
    let mut connection = connect(url).await;
    // sqlx sets 2, and psql leaves it at what a role or a database has.
    connection.execute("SET extra_float_digits = 0").await.expect("the digits");
    if !script.no_transaction {
        connection.execute("BEGIN").await.expect("a transaction");
    }
    for statement in statements {
        let done = connection.execute(sqlx::AssertSqlSafe(statement.sql.as_str())).await;
        done.map_err(|error| format!("{error}\nin {}", statement.sql))?;
    }
    if !script.no_transaction {
        connection.execute("COMMIT").await.map_err(|error| format!("{error}\nin COMMIT"))?;
    }
    Ok(())
}

pub(crate) async fn rows(url: &str, query: &str) -> String {
    let mut connection = connect(url).await;
    let rows = connection.fetch_all(sqlx::AssertSqlSafe(query)).await.expect("the rows");
    let lines = rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default() + "\n");
    lines.collect()
}

/// What the server prints of every object, and what its dump tool does where there is one, line by line in
/// an order of their own: no server moves a column, and objects are dumped as they came to be.
pub(crate) async fn printed(url: &str) -> String {
    let printed = rows(url, include_str!("postgres.sql")).await;
    printed + &dumped(url).unwrap_or_default()
}

/// The lines of `pg_dump`; none without one that knows the server.
fn dumped(url: &str) -> Option<String> {
    let arguments = ["--schema-only", "--restrict-key=x"];
    let dump = |arguments: &[&str]| Command::new(pg_dump()).args(arguments).arg(url).output().ok();
    // Older releases know no restrict key.
    let output = dump(&arguments).filter(|output| output.status.success());
    let output = output.or_else(|| dump(arguments.get(..1)?))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines: Vec<String> = text.lines().map(with_sorted_parameters).collect();
    lines.sort_unstable();
    output.status.success().then(|| lines.join("\n"))
}

/// The newest of those that Debian installs beside each other, which knows the servers before it; else that in
/// `PATH`. Debian's there is a script that looks for the right one, which takes longer than a dump.
fn pg_dump() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let releases = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let number = |name: &OsStr| name.to_str()?.parse::<u32>().ok();
        let newest = releases.filter_map(|each| Some((number(&each.file_name())?, each.path())));
        let program = newest.max().map(|(_, folder)| folder.join("bin/pg_dump"));
        program.filter(|program| program.is_file()).unwrap_or_else(|| "pg_dump".into())
    })
}

/// A line without its comma; storage parameters have no order.
fn with_sorted_parameters(line: &str) -> String {
    let line = line.trim_end_matches(',');
    let Some(parameters) = line.strip_prefix("WITH (") else { return line.to_owned() };
    let mut parameters: Vec<&str> = parameters.trim_end_matches(");").split(", ").collect();
    parameters.sort_unstable();
    format!("WITH ({})", parameters.join(", "))
}

pub(crate) async fn settled(
    url: &str,
    from: Schema,
    to: Schema,
) -> Result<(Schema, Schema), String> {
    let mut connection = connect(url).await;
    let settled = artisan_schema::catalog::postgres::settled(&mut connection, from, to).await;
    settled.map_err(|error| format!("settling: {error:?}"))
}
