use crate::model::{Column, Dialect, Identity, Table};

/// What follows a statement before which the mode was set.
pub(super) const RESTORED: &str = ";\nSET sql_mode = @previous_sql_mode";

/// What a statement needs of `sql_mode`, whatever the session has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mode {
    /// A 0 stays a 0 in a column that numbers rows from now on, and takes no number.
    pub(super) keeps_zero: bool,
    /// A table whose default is a date of zeros is changed as little as any other: strict modes refuse every
    /// ALTER TABLE of it.
    pub(super) takes_zero_dates: bool,
}

impl Mode {
    /// The mode for statements that say the columns of these tables, or leave them as they are.
    pub(super) fn of<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Self {
        let mut columns = tables.into_iter().flat_map(|table| &table.columns);
        Self { takes_zero_dates: columns.any(has_zero_date), ..Self::default() }
    }

    /// The mode for a statement that makes a column of one table another one.
    pub(super) fn with_change(self, old: &Column, new: &Column) -> Self {
        let begins = old.identity.is_none() && new.identity == Some(Identity::AutoIncrement);
        Self { keeps_zero: self.keeps_zero || begins, ..self }
    }

    /// The statement in this mode, after which the session has its own again.
    pub(super) fn around(self, dialect: Dialect, keeps_history: bool, sql: String) -> String {
        let sql = if keeps_history && dialect == Dialect::MariaDb {
            format!("SET STATEMENT system_versioning_alter_history = KEEP FOR {sql}")
        } else {
            sql
        };
        match self.expression() {
            Some(mode) => format!(
                "SET @previous_sql_mode = @@sql_mode;\nSET sql_mode = {mode};\n{sql}{RESTORED}"
            ),
            None => sql,
        }
    }

    fn expression(self) -> Option<String> {
        let mut mode = "@@sql_mode".to_owned();
        if self.takes_zero_dates {
            for word in ["NO_ZERO_IN_DATE", "NO_ZERO_DATE"] {
                mode = format!("REPLACE({mode}, '{word}', '')");
            }
        }
        if self.keeps_zero {
            mode = format!("CONCAT({mode}, ',NO_AUTO_VALUE_ON_ZERO')");
        }
        (self != Self::default()).then_some(mode)
    }
}

/// Whether a column begins with a date that has a zero for its year, month or day.
fn has_zero_date(column: &Column) -> bool {
    let is_date = ["date", "timestamp"].iter().any(|word| column.data_type.starts_with(word));
    let default = column.default.as_deref().unwrap_or_default();
    let date = default.trim_start_matches('\'');
    let has_zero = ["0000-", "-00-"].iter().any(|zero| date.contains(zero));
    let day = date.get(7..10).is_some_and(|day| day == "-00");
    is_date && default.starts_with('\'') && (has_zero || day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mode_is_set_around_the_statement() {
        let mode = Mode { keeps_zero: true, takes_zero_dates: false };
        let said = mode.around(Dialect::MariaDb, true, "ALTER".to_owned());
        let history = "SET STATEMENT system_versioning_alter_history = KEEP FOR ALTER";
        assert!(said.contains(&format!("\n{history};\n")), "{said}");
        let said = mode.around(Dialect::MySql, false, "ALTER".to_owned());
        assert!(said.ends_with("ALTER;\nSET sql_mode = @previous_sql_mode"), "{said}");
        assert_eq!(Mode::default().around(Dialect::MySql, false, "ALTER".to_owned()), "ALTER");
    }

    #[test]
    fn dates_of_zeros_are_known() {
        let column = |data_type: &str, default: &str| Column {
            default: Some(default.to_owned()),
            ..Column::new("a", data_type)
        };
        assert!(has_zero_date(&column("datetime", "'0000-00-00 00:00:00'")));
        assert!(has_zero_date(&column("date", "'2020-01-00'")));
        assert!(!has_zero_date(&column("date", "'2000-10-01'")));
        assert!(!has_zero_date(&column("varchar(20)", "'0000-00-00'")));
    }
}
