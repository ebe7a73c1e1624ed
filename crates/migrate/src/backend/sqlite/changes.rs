use super::super::{Backend, Failure, Kind};
use super::Sqlite;

/// The statements behind which `last_insert_rowid()` and `changes()` tell what they tell now:
/// <https://www.sqlite.org/c3ref/last_insert_rowid.html>. Nothing sets `total_changes()` back.
pub(super) async fn restoring(sqlite: &mut Sqlite) -> Result<String, Failure> {
    let sql = "SELECT last_insert_rowid(), changes()";
    let rows = sqlite.read(sql, &[], &[Kind::Int, Kind::Int]).await?;
    let Some(row) = rows.first() else { return Ok(String::new()) };
    Ok(written(row.int(0)?, row.int(1)?))
}

/// As many rows as were changed, the last of them with the number in question, made and removed elsewhere.
fn written(last: i64, changes: i64) -> String {
    // Towards zero, where numbers do not end.
    let step = if last > 0 { -1 } else { 1 };
    let rows = format!(
        "WITH RECURSIVE n(k) AS (SELECT {changes} - 1 UNION ALL SELECT k - 1 FROM n WHERE k > 0) \
         SELECT {last} + k * {step} FROM n"
    );
    let rows = if changes > 0 { rows } else { format!("SELECT {last}") };
    let removed = if changes > 0 { "" } else { "DELETE FROM temp._migrate_change;\n" };
    format!(
        "CREATE TABLE temp._migrate_change (i INTEGER PRIMARY KEY);\n\
         INSERT INTO temp._migrate_change {rows};\n\
         {removed}DELETE FROM temp._migrate_change;\n\
         DROP TABLE temp._migrate_change;\n"
    )
}
