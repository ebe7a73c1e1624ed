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

/// The kinds of objects, how each is asked for, and the column of `SHOW CREATE` that has its text.
const KINDS: [(&str, &str, usize); 6] = [
    (
        "TABLE",
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_type <> 'VIEW' ORDER BY 1",
        1,
    ),
    (
        "VIEW",
        "SELECT CAST(table_name AS CHAR) FROM information_schema.views \
         WHERE table_schema = DATABASE() ORDER BY 1",
        1,
    ),
    (
        "FUNCTION",
        "SELECT CAST(routine_name AS CHAR) FROM information_schema.routines \
         WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION' ORDER BY 1",
        2,
    ),
    (
        "PROCEDURE",
        "SELECT CAST(routine_name AS CHAR) FROM information_schema.routines \
         WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE' ORDER BY 1",
        2,
    ),
    (
        "TRIGGER",
        "SELECT CAST(trigger_name AS CHAR) FROM information_schema.triggers \
         WHERE trigger_schema = DATABASE() \
         ORDER BY event_object_table, action_timing, event_manipulation, action_order",
        2,
    ),
    (
        "EVENT",
        "SELECT CAST(event_name AS CHAR) FROM information_schema.events \
         WHERE event_schema = DATABASE() ORDER BY 1",
        3,
    ),
];

/// What `SHOW CREATE` says of every object, which is what the dump tool prints.
///
/// Left out is what no statement can tell apart, and what `information_schema` does not tell (to ask `SHOW CREATE`
/// for each table would be one question a table): counters and an event's moment of birth, which are data; the
/// order of the keys, which is that of their creation; `USING` where the engine has no choice; a column's collation
/// that is the table's; the semicolon that `MySQL` keeps behind a routine that was sent together with other
/// statements.
pub(crate) async fn printed(url: &str) -> String {
    let mut connection = connect(url).await;
    let mut printed = String::new();
    for (kind, question, column) in KINDS {
        for name in rows(url, question).await.lines() {
            let sql = format!("SHOW CREATE {kind} `{}`", name.replace('`', "``"));
            let row = connection.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("the object");
            // `MariaDB` prints bytes as they are.
            let text: Vec<u8> = row.try_get_unchecked(column).expect("the text");
            let text = String::from_utf8_lossy(&text).into_owned();
            printed.push_str(&match kind {
                "TABLE" => with_sorted_keys(&plain(&without_counter(&text))),
                "EVENT" => without_start(&text).trim_end_matches(';').to_owned(),
                _ => text.trim_end_matches(';').to_owned(),
            });
            printed.push('\n');
        }
    }
    printed
}

fn without_counter(text: &str) -> String {
    let Some((before, after)) = text.split_once(" AUTO_INCREMENT=") else { return text.to_owned() };
    format!("{before}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

/// A table's statement without what says nothing.
fn plain(text: &str) -> String {
    let collation = text.rsplit_once(" COLLATE=").map_or("", |(_, after)| after);
    let collation = collation.split([' ', '\n']).next().unwrap_or_default().to_owned();
    let charset = collation.split('_').next().unwrap_or_default().to_owned();
    let is_memory = text.contains(") ENGINE=MEMORY");
    let lines = text.lines().map(|line| {
        let mut line = line.to_owned();
        if line.starts_with("  `") {
            line = line.replace(&format!(" CHARACTER SET {charset} COLLATE {collation}"), "");
            line = line.replace(&format!(" COLLATE {collation} "), " ");
        } else if !is_memory {
            line = line.replace(" USING BTREE", "").replace(" USING HASH", "");
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An event without a start begins when it is made.
fn without_start(text: &str) -> String {
    match text.split_once(" STARTS '20") {
        Some((before, after)) if !after.starts_with("37") => {
            let (_, after) = after.split_once('\'').expect("the end of the time");
            format!("{before}{after}")
        }
        Some(_) | None => text.to_owned(),
    }
}

fn with_sorted_keys(text: &str) -> String {
    let is_key = |line: &&str| {
        let line = line.trim_start();
        let begins = ["KEY ", "UNIQUE KEY ", "FULLTEXT KEY ", "SPATIAL KEY ", "CONSTRAINT "];
        begins.iter().any(|begin| line.starts_with(begin))
    };
    let mut keys: Vec<&str> =
        text.lines().filter(is_key).map(|line| line.trim_end_matches([',', ' '])).collect();
    keys.sort_unstable();
    let others: Vec<&str> = text.lines().filter(|line| !is_key(line)).collect();
    let (last, columns) = others.split_last().expect("a line");
    let columns = columns.iter().map(|line| line.trim_end_matches(','));
    columns.chain(keys).chain([*last]).collect::<Vec<_>>().join("\n")
}
