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

/// An event's statement without the start that it was given because none was asked for.
pub(super) fn plain_event(sql: &str, starts_at_once: bool) -> String {
    let Some((head, rest)) = sql.split_once(" STARTS '").filter(|_| starts_at_once) else {
        return sql.to_owned();
    };
    let is_head = !head.contains(" DO ");
    match rest.split_once('\'') {
        Some((_, rest)) if is_head => format!("{head}{rest}"),
        Some(_) | None => sql.to_owned(),
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

    #[test]
    fn start_that_nobody_asked_for_is_left_out() {
        let sql = "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENABLE DO SELECT 1";
        let plain = "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1";
        assert_eq!(plain_event(sql, true), plain);
        assert_eq!(plain_event(sql, false), sql);
    }
}
