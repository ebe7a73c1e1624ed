use super::super::SchemaObject;
use crate::Engine;
use crate::backend::{Backend, Failure, Kind, backquoted};
use crate::split::significant;

/// `MariaDB` prints what a table or a view asks of a sequence with the name of the database, and all columns of a view
/// whose definer is no account; all else without.
pub(super) async fn shorten(
    backend: &mut dyn Backend,
    objects: &mut [SchemaObject],
) -> Result<(), Failure> {
    let printed = objects.iter_mut().filter(|one| matches!(one.kind, "table" | "view"));
    let mut printed = printed.filter(|one| one.kind == "view" || asks(&one.sql)).peekable();
    if printed.peek().is_none() {
        return Ok(());
    }
    let rows = backend.read("SELECT DATABASE()", &[], &[Kind::Text]).await?;
    let row = rows.first().ok_or_else(|| Failure::shape(0))?;
    let database = row.text(0)?;
    for one in printed {
        one.sql = without_database(&one.sql, database);
        if one.kind == "view" {
            one.sql = artisan_schema::catalog::mysql::without_database(&one.sql, database);
        }
    }
    Ok(())
}

const FUNCTIONS: [&str; 3] = ["nextval", "lastval", "setval"];

fn asks(sql: &str) -> bool {
    FUNCTIONS.iter().any(|function| sql.contains(function))
}

/// `` nextval(`shop`.`s`) `` as `` nextval(`s`) ``, which is that of whatever database runs it.
fn without_database(sql: &str, database: &str) -> String {
    let database = backquoted(database);
    let tokens = significant(Engine::MariaDb, sql);
    let (mut text, mut copied) = (String::new(), 0);
    for window in tokens.windows(4) {
        let [function, bracket, name, dot] = window else { continue };
        let is_call = FUNCTIONS.iter().any(|word| function.is_word(word)) && bracket.is_sign("(");
        if is_call && name.text == database && dot.is_sign(".") {
            text.push_str(sql.get(copied..name.start).unwrap_or_default());
            copied = dot.end;
        }
    }
    text + sql.get(copied..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_database_is_taken_out_of_calls_only() {
        let sql = "CREATE TABLE `t` (`a` int DEFAULT nextval(`s`.`s`), `b` int DEFAULT \
                   setval(`s`.`n`,5,1,0), `c` int DEFAULT nextval(`other`.`s`), `d` text DEFAULT 'nextval(`s`.`s`)')";
        let expected = "CREATE TABLE `t` (`a` int DEFAULT nextval(`s`), `b` int DEFAULT \
                        setval(`n`,5,1,0), `c` int DEFAULT nextval(`other`.`s`), `d` text DEFAULT 'nextval(`s`.`s`)')";
        assert_eq!(without_database(sql, "s"), expected);
    }
}
