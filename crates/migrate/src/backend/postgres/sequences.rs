use super::super::{Backend, Failure, Kind, Literal};
use super::Postgres;
use crate::Engine;

/// The statements that put every sequence back to where it stands now; nothing if there is none.
///
/// Sequences take no part in transactions: a group of files that was rolled back has moved them, and
/// its files would get other numbers the second time.
pub(super) async fn restoring(postgres: &mut Postgres) -> Result<String, Failure> {
    let sql = "SELECT s.seqrelid::regclass::text FROM pg_sequence s \
               JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relpersistence <> 't' \
               AND has_sequence_privilege(s.seqrelid, 'SELECT') \
               AND has_sequence_privilege(s.seqrelid, 'UPDATE') ORDER BY s.seqrelid";
    let rows = postgres.read(sql, &[], &[Kind::Text]).await?;
    let names: Vec<&str> = rows.iter().filter_map(|row| row.find_text(0)).collect();
    if names.is_empty() {
        return Ok(String::new());
    }
    let questions = names
        .iter()
        .map(|name| format!("SELECT {}, last_value, is_called FROM {name}", quoted(name)));
    let sql = questions.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = postgres.read(&sql, &[], &[Kind::Text, Kind::Int, Kind::Bool]).await?;
    let mut values = Vec::with_capacity(rows.len());
    for row in &rows {
        let (name, value, is_called) = (quoted(row.text(0)?), row.int(1)?, row.bool(2)?);
        values.push(format!("SELECT setval({name}, {value}, {is_called});\n"));
    }
    Ok(values.concat())
}

fn quoted(name: &str) -> String {
    let mut text = String::new();
    Literal::from(name).append(Engine::Postgres, &mut text);
    text
}
