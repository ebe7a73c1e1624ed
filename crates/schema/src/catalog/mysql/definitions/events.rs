/// When an event happens, in seconds after it was made.
pub(super) struct Times {
    pub(super) executes_after: Option<i64>,
    pub(super) starts_after: Option<i64>,
    pub(super) ends_after: Option<i64>,
    /// The second of the minute in which it was made.
    pub(super) created_second: i64,
    /// Whether it never happens again.
    pub(super) is_over: bool,
}

impl Times {
    /// An event's statement with the times that were asked for: the server keeps moments, and what began when it was
    /// made, or was to happen a while later, would be another event each time.
    pub(super) fn plain(&self, sql: &str) -> String {
        // It begins at once without being asked to.
        let at_once = self.starts_after.is_some_and(|after| (-1..=1).contains(&after));
        let sql = replaced(sql, " STARTS '", |_| at_once.then(String::new));
        let later = |word: &str, after: Option<i64>| {
            let after = after.filter(|after| self.is_relative(*after));
            after.map(|after| format!("{word}CURRENT_TIMESTAMP + INTERVAL {}", interval(after)))
        };
        let sql = replaced(&sql, " AT '", |_| later(" AT ", self.executes_after));
        let sql = replaced(&sql, " STARTS '", |_| later(" STARTS ", self.starts_after));
        let sql = replaced(&sql, " ENDS '", |_| later(" ENDS ", self.ends_after));
        // The server disables what is over, whatever was asked for.
        match sql.split_once(" DISABLE ") {
            Some((head, rest)) if self.is_over && !head.contains(" DO ") => {
                format!("{head} ENABLE {rest}")
            }
            Some(_) | None => sql,
        }
    }

    /// Whether a time was probably given by its distance: by whole minutes from a moment that is not one itself, or
    /// by whole hours.
    const fn is_relative(&self, after: i64) -> bool {
        let is_round = if self.created_second == 0 { after % 3600 == 0 } else { after % 60 == 0 };
        after > 0 && is_round
    }
}

fn interval(seconds: i64) -> String {
    let (number, unit) = match seconds {
        days if days % 86_400 == 0 => (days / 86_400, "DAY"),
        hours if hours % 3600 == 0 => (hours / 3600, "HOUR"),
        minutes => (minutes / 60, "MINUTE"),
    };
    format!("{number} {unit}")
}

/// With something else for a time in the head of the statement.
fn replaced(sql: &str, word: &str, other: impl Fn(&str) -> Option<String>) -> String {
    let found = sql.split_once(word).filter(|(head, _)| !head.contains(" DO "));
    let found = found.and_then(|(head, rest)| {
        let (time, rest) = rest.split_once('\'')?;
        Some(format!("{head}{}{rest}", other(time)?))
    });
    found.unwrap_or_else(|| sql.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn times() -> Times {
        Times {
            executes_after: None,
            starts_after: None,
            ends_after: None,
            created_second: 7,
            is_over: false,
        }
    }

    #[test]
    fn start_that_nobody_asked_for_is_left_out() {
        let sql = "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENABLE DO SELECT 1";
        let plain = "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1";
        assert_eq!(Times { starts_after: Some(0), ..times() }.plain(sql), plain);
        assert_eq!(Times { starts_after: Some(100), ..times() }.plain(sql), sql);
    }

    #[test]
    fn distance_is_told_from_a_moment() {
        let sql = "CREATE EVENT `e` ON SCHEDULE AT '2030-01-01 00:00:07' DO SELECT ' AT '";
        let after = |seconds, created_second| {
            Times { executes_after: Some(seconds), created_second, ..times() }.plain(sql)
        };
        let plain =
            "CREATE EVENT `e` ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 2 DAY DO SELECT ' AT '";
        assert_eq!(after(172_800, 7), plain);
        assert_eq!(after(172_800, 0), plain);
        assert_eq!(after(172_801, 7), sql);
        assert_eq!(after(60, 0), sql);
    }

    #[test]
    fn what_is_over_is_as_it_was_asked_for() {
        let sql = "CREATE EVENT `e` ON SCHEDULE AT '2020-01-01 00:00:00' DISABLE DO SELECT 1";
        assert!(Times { is_over: true, ..times() }.plain(sql).contains(" ENABLE DO "));
        assert_eq!(times().plain(sql), sql);
    }
}
