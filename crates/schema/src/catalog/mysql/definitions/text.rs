use super::super::quoted;
use crate::model::Dialect;
use crate::scan::scan;

/// Without the account that made it, which another server need not have, and without the semicolon that
/// `MySQL` takes for a part of the last statement where several were sent at once.
pub(super) fn without_definer(sql: &str) -> String {
    let sql = sql.trim_end_matches(|end: char| end == ';' || end.is_whitespace());
    // What was made under ANSI_QUOTES is shown with them.
    let found = ["` ", "\" "].into_iter().find_map(|end| {
        let start = sql.find(&format!(" DEFINER={}", end.trim_end()))?;
        let is_head = !sql.get(..start)?.contains(['(', '\'']);
        is_head.then_some((start, end))
    });
    let without = found.and_then(|(start, end)| {
        // `user`@`host`, or a role of MariaDB's: `role`.
        let after = sql.get(start + 1..)?;
        let rest = after.get(after.find(end)? + end.len()..)?;
        Some(format!("{} {rest}", sql.get(..start)?))
    });
    without.unwrap_or_else(|| sql.to_owned())
}

/// A view's statement without what holds anyway.
pub(super) fn plain_head(sql: &str) -> String {
    let plain = sql.replacen("CREATE ALGORITHM=UNDEFINED ", "CREATE ", 1);
    match plain.split_once(" SQL SECURITY DEFINER VIEW ") {
        Some((head, rest)) if !head.contains('`') => format!("{head} VIEW {rest}"),
        Some(_) | None => plain,
    }
}

/// A view's statement without the database before a table and its column, with which `MariaDB` shows the views of a
/// definer who is no account. One that names tables of two databases is left as it is: both may have one of a name.
#[must_use]
pub fn without_database(sql: &str, database: &str) -> String {
    let database = quoted(database);
    if !sql.contains(&format!("{database}.")) {
        return sql.to_owned();
    }
    let tokens = scan(Dialect::MariaDb, sql).unwrap_or_default();
    let mut words = tokens.iter().filter(|one| one.text != "(");
    let mut before = None;
    let names_tables = words.any(|token| {
        let is_table = before.replace(token).is_some_and(|one| one.is("FROM") || one.is("JOIN"));
        is_table && token.text == database
    });
    if names_tables {
        return sql.to_owned();
    }
    let (mut text, mut copied) = (String::new(), 0);
    for (at, token) in tokens.iter().enumerate() {
        let is_behind =
            at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|one| one.text == ".");
        // An alias of the same name stands before a column alone.
        if let Some([dot, _, other]) = tokens.get(at + 1..at + 4)
            && token.text == database
            && !is_behind
            && dot.text == "."
            && other.text == "."
        {
            text.push_str(sql.get(copied..token.start).unwrap_or_default());
            copied = dot.end();
        }
    }
    text + sql.get(copied..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_database_is_taken_out_of_columns_only() {
        let sql = "CREATE VIEW `v` AS select `d`.`t`.`a` AS `a`,`d`.`b` AS `d.b`,'`d`.`t`.`a`' AS `c`,max(`d`.`t`.`e`) \
                   from (`t` join `t` `d`)";
        let expected = "CREATE VIEW `v` AS select `t`.`a` AS `a`,`d`.`b` AS `d.b`,'`d`.`t`.`a`' AS `c`,max(`t`.`e`) \
                        from (`t` join `t` `d`)";
        assert_eq!(without_database(sql, "d"), expected);
        assert_eq!(without_database(sql, "e"), sql);
        let sql = "CREATE VIEW `v` AS select `d`.`t`.`a` AS `a`,`e`.`t`.`b` AS `b` from (`d`.`t` join `e`.`t`)";
        assert_eq!(without_database(sql, "d"), sql);
    }

    #[test]
    fn definer_is_taken_out_of_the_head_only() {
        let sql = "CREATE DEFINER=`a`@`%` PROCEDURE `p`() SELECT 1";
        assert_eq!(without_definer(sql), "CREATE PROCEDURE `p`() SELECT 1");
        let sql = "CREATE DEFINER=\"a\"@\"%\" PROCEDURE \"p\"() SELECT 1";
        assert_eq!(without_definer(sql), "CREATE PROCEDURE \"p\"() SELECT 1");
        let sql = "CREATE PROCEDURE `p`() SELECT ' DEFINER=`x`@`y` '";
        assert_eq!(without_definer(sql), sql);
        assert_eq!(without_definer(&format!("{sql}; ")), sql);
    }

    #[test]
    fn view_says_only_what_is_not_usual() {
        let view = |options: &str| format!("CREATE {options}VIEW `v` AS select 1 AS `1`");
        assert_eq!(plain_head(&view("ALGORITHM=UNDEFINED SQL SECURITY DEFINER ")), view(""));
        let merged = view("ALGORITHM=MERGE SQL SECURITY INVOKER ");
        assert_eq!(plain_head(&merged), merged);
    }
}
