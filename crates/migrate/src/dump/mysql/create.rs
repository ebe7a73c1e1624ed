use super::super::SchemaObject;
use crate::backend::backquoted;

/// Foreign keys on their way out of the tables' texts.
#[derive(Default)]
pub(super) struct ForeignKeys(Vec<SchemaObject>);

impl ForeignKeys {
    /// The statement of a table without its foreign keys, which are kept for later.
    ///
    /// `SHOW CREATE TABLE` writes one clause a line, and the line ends of a text as `\n`.
    pub(super) fn taken_from(&mut self, table: &str, sql: &str) -> String {
        let mut kept: Vec<String> = Vec::new();
        for line in sql.lines() {
            if line.starts_with("  CONSTRAINT ") && line.contains("` FOREIGN KEY (") {
                let clause = line.trim().trim_end_matches(',');
                let name = clause.split('`').nth(1).unwrap_or_default();
                self.0.push(SchemaObject {
                    kind: "foreign key",
                    name: format!("{table}.{name}"),
                    sql: format!("ALTER TABLE {} ADD {clause}", backquoted(table)),
                });
                continue;
            }
            if line.starts_with(')')
                && let Some(last) = kept.last_mut()
            {
                // What was the last clause may not be it any more.
                *last = last.trim_end_matches(',').to_owned();
            }
            kept.push(line.to_owned());
        }
        kept.join("\n")
    }

    pub(super) fn into_objects(mut self) -> Vec<SchemaObject> {
        self.0.sort_by(|a, b| a.name.cmp(&b.name));
        self.0
    }
}

/// Without the counter's state, which is data.
pub(super) fn without_counter(sql: &str) -> String {
    let Some(options) = sql.rfind("\n)") else { return sql.to_owned() };
    let (columns, options) = sql.split_at(options);
    let Some((before, after)) = options.split_once(" AUTO_INCREMENT=") else {
        return sql.to_owned();
    };
    let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{columns}{before}{after}")
}

/// Without the account that made it, which another server need not have; gives both.
pub(super) fn without_definer(sql: &str) -> (String, Option<String>) {
    // What was made under ANSI_QUOTES is shown with them.
    let found = ["` ", "\" "].into_iter().find_map(|end| {
        let start = sql.find(&format!(" DEFINER={}", end.trim_end()))?;
        (!sql[..start].contains(['(', '\''])).then_some((start, end))
    });
    let Some((start, end)) = found else { return (sql.to_owned(), None) };
    let rest = &sql[start + 1..];
    // `user`@`host`, or a role of MariaDB's: `role`.
    let Some(end) = rest.find(end) else { return (sql.to_owned(), None) };
    let definer = rest[..=end].to_owned();
    (format!("{}{}", &sql[..start], &rest[end + 1..]), Some(definer))
}

/// The statement of an event without the time from which on it happens.
pub(super) fn without_start(sql: &str) -> String {
    let found = sql.split_once(" STARTS '").filter(|(head, _)| !head.contains(" DO "));
    let rest = found.and_then(|(head, rest)| Some((head, rest.split_once('\'')?.1)));
    rest.map_or_else(|| sql.to_owned(), |(head, rest)| format!("{head}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_key_leaves_a_table_that_is_still_a_statement() {
        let sql = "CREATE TABLE `a` (\n  `b` int,\n  KEY `b` (`b`),\n  CONSTRAINT `k` FOREIGN KEY \
                   (`b`) REFERENCES `c` (`d`)\n) ENGINE=InnoDB AUTO_INCREMENT=12 COMMENT='x'";
        let mut keys = ForeignKeys::default();
        let table = keys.taken_from("a", &without_counter(sql));
        assert_eq!(
            table,
            "CREATE TABLE `a` (\n  `b` int,\n  KEY `b` (`b`)\n) ENGINE=InnoDB COMMENT='x'"
        );
        let [key] = keys.into_objects().try_into().unwrap();
        let expected = "ALTER TABLE `a` ADD CONSTRAINT `k` FOREIGN KEY (`b`) REFERENCES `c` (`d`)";
        assert_eq!(key.sql, expected);
    }

    #[test]
    fn start_is_taken_out_of_the_schedule_only() {
        let event = |start: &str| {
            format!("CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY{start} ENABLE DO SELECT ' STARTS '")
        };
        assert_eq!(without_start(&event(" STARTS '2030-01-01 00:00:00'")), event(""));
        assert_eq!(without_start(&event("")), event(""));
    }

    #[test]
    fn definer_is_taken_out_of_the_head_only() {
        let (sql, definer) = without_definer("CREATE DEFINER=`a`@`%` PROCEDURE `p`() SELECT 1");
        assert_eq!(sql, "CREATE PROCEDURE `p`() SELECT 1");
        assert_eq!(definer.as_deref(), Some("DEFINER=`a`@`%`"));
        let (sql, definer) =
            without_definer("CREATE DEFINER=\"a\"@\"%\" PROCEDURE \"p\"() SELECT 1");
        assert_eq!((sql.as_str(), definer.is_some()), ("CREATE PROCEDURE \"p\"() SELECT 1", true));
        let text = "CREATE TABLE `t` (`a` text COMMENT ' DEFINER=`x`@`y` ')";
        assert_eq!(without_definer(text), (text.to_owned(), None));
    }
}
