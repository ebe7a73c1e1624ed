use super::quoted;
use crate::backend::{Backend, Failure, Kind, Value};

/// The key of a table that has no column for it: <https://www.sqlite.org/lang_createtable.html#rowid>.
pub(super) struct Rowid {
    pub(super) name: &'static str,
    /// Whether rows that go in one by one would get others.
    pub(super) is_written: bool,
}

/// A column of this type that is the primary key alone is the rowid, unless it has an index: so
/// `INTEGER PRIMARY KEY DESC`.
const HAS_OWN: &str = "SELECT 1 FROM pragma_table_list l WHERE l.schema = 'main' AND l.name = ?1 \
    AND l.wr = 0 AND NOT ((SELECT count(*) FROM pragma_table_xinfo(?1) WHERE pk > 0) = 1 \
    AND EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE pk = 1 AND upper(type) = 'INTEGER') \
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk'))";

/// Nothing where a column is the rowid, where there is none, or where columns have all its names.
pub(super) async fn of(backend: &mut dyn Backend, table: &str) -> Result<Option<Rowid>, Failure> {
    let values = [Value::Text(table)];
    if backend.read(HAS_OWN, &values, &[Kind::Int]).await?.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT name FROM pragma_table_xinfo(?)";
    let rows = backend.read(sql, &values, &[Kind::Text]).await?;
    let names = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    let is_free = |name: &&str| !names.iter().any(|other| other.eq_ignore_ascii_case(name));
    let Some(name) = ["rowid", "_rowid_", "oid"].into_iter().find(is_free) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT count(*) > 0 AND (min({name}) <> 1 OR max({name}) <> count(*)) FROM {}",
        quoted(table)
    );
    let rows = backend.read(&sql, &[], &[Kind::Int]).await?;
    let is_written = rows.first().map_or(Ok(0), |row| row.int(0))? != 0;
    Ok(Some(Rowid { name, is_written }))
}
