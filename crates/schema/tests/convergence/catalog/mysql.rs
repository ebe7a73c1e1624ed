use sqlx::{Connection, Executor, MySqlConnection, Row};

async fn connect(url: &str) -> MySqlConnection {
    MySqlConnection::connect(url).await.expect("a connection")
}

pub(crate) async fn execute(url: &str, sql: &str) -> Result<(), String> {
    let mut connection = connect(url).await;
    let done = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    done.map(drop).map_err(|error| error.to_string())
}

pub(crate) async fn rows(url: &str, query: &str) -> String {
    let mut connection = connect(url).await;
    let rows = connection.fetch_all(sqlx::AssertSqlSafe(query)).await.expect("the rows");
    let lines = rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default() + "\n");
    lines.collect()
}

/// What `SHOW CREATE` says of every object, which is what the dump tool prints. The counter is data.
pub(crate) async fn printed(url: &str) -> String {
    let tables = rows(url, "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1").await;
    let mut connection = connect(url).await;
    let mut printed = String::new();
    for table in tables.lines() {
        let sql = format!("SHOW CREATE TABLE `{}`", table.replace('`', "``"));
        let row = connection.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("the table");
        let text: String = row.get(1);
        printed.push_str(&without_counter(&text));
        printed.push('\n');
    }
    printed
}

fn without_counter(text: &str) -> String {
    let Some((before, after)) = text.split_once(" AUTO_INCREMENT=") else { return text.to_owned() };
    format!("{before}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}
