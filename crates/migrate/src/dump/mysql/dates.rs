/// Whether a column of a table begins with a date that has a zero for its year, month or day.
pub(super) fn has_zero_date(sql: &str) -> bool {
    sql.lines().any(is_of_zeros)
}

/// `SHOW CREATE TABLE` writes one column a line.
fn is_of_zeros(line: &str) -> bool {
    let Some((head, date)) = line.split_once(" DEFAULT '") else { return false };
    let is_date = ["` date", "` timestamp"].iter().any(|kind| head.contains(kind));
    let is = |range, zeros| date.get(range) == Some(zeros);
    is_date && (is(0..5, "0000-") || is(4..8, "-00-") || is(7..10, "-00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_zeros_are_known() {
        let table = |column: &str| format!("CREATE TABLE `t` (\n  `a` {column}\n)");
        assert!(has_zero_date(&table("datetime NOT NULL DEFAULT '0000-00-00 00:00:00'")));
        assert!(has_zero_date(&table("date DEFAULT '2020-01-00',")));
        assert!(has_zero_date(&table("timestamp(6) NULL DEFAULT '2020-00-01 00:00:00'")));
        assert!(!has_zero_date(&table("date DEFAULT '2000-10-01'")));
        assert!(!has_zero_date(&table("varchar(20) DEFAULT '0000-00-00'")));
    }
}
