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

#[cfg(test)]
mod tests {
    use super::*;

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
