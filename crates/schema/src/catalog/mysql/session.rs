use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;

/// The connection that reads. What is made through one like it keeps the same settings.
pub(super) struct Session {
    pub(super) flavour: Flavour,
    pub(super) database: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) settings: Settings,
}

/// What an object keeps of the session that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// How its text is read.
    pub(super) sql_mode: String,
    /// The character set that its text came in.
    pub(super) client: String,
    /// The collation of its literals.
    pub(super) collation: String,
    /// Where the times of an event are read.
    pub(super) time_zone: String,
}

/// The words of `sql_mode` under which a server shows names, texts or options otherwise, or leaves some of
/// them out: <https://mariadb.com/kb/en/sql-mode/>.
const SHOWN_OTHERWISE: [&str; 14] = [
    "ANSI",
    "ANSI_QUOTES",
    "DB2",
    "EMPTY_STRING_IS_NULL",
    "MAXDB",
    "MSSQL",
    "MYSQL323",
    "MYSQL40",
    "NO_BACKSLASH_ESCAPES",
    "NO_FIELD_OPTIONS",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "ORACLE",
    "POSTGRESQL",
];

/// The mode in which the server shows names in backquotes, escapes in texts, and all options; none if it does
/// already.
#[must_use]
pub fn plain_mode(sql_mode: &str) -> Option<String> {
    let words = sql_mode.split(',');
    let plain: Vec<&str> = words.filter(|word| !SHOWN_OTHERWISE.contains(word)).collect();
    let plain = plain.join(",");
    (plain != sql_mode).then_some(plain)
}

impl Session {
    pub(super) async fn of(connection: &mut MySqlConnection) -> Result<Self, sqlx::Error> {
        let row = sqlx::query(include_str!("session.sql")).fetch_one(connection).await?;
        let version: String = row.try_get("version")?;
        Ok(Self {
            flavour: Flavour::of(&version),
            database: row.try_get("current_database")?,
            collation: row.try_get("default_collation")?,
            settings: Settings {
                sql_mode: row.try_get("sql_mode")?,
                client: row.try_get("character_set_client")?,
                collation: row.try_get("collation_connection")?,
                time_zone: row.try_get("time_zone")?,
            },
        })
    }
}

impl Settings {
    /// The statement that makes something, between those that set what it is to keep and those that set
    /// it back; alone if the session has all of it.
    ///
    /// A text beyond ASCII is sent in the session's own character set, which must not be changed around it.
    pub(super) fn around(&self, session: &Self, create: String) -> Vec<String> {
        let client = if create.is_ascii() { &self.client } else { &session.client };
        let differing: Vec<(&str, &str)> = [
            ("sql_mode", &self.sql_mode, &session.sql_mode),
            ("character_set_client", client, &session.client),
            ("collation_connection", &self.collation, &session.collation),
            ("time_zone", &self.time_zone, &session.time_zone),
        ]
        .into_iter()
        .filter(|(_, own, here)| own != here)
        .map(|(variable, own, _)| (variable, own.as_str()))
        .collect();
        if differing.is_empty() {
            return vec![create];
        }
        let set = |assignment: &dyn Fn(&str, &str) -> String| {
            let all: Vec<String> =
                differing.iter().map(|(variable, own)| assignment(variable, own)).collect();
            format!("SET {}", all.join(", "))
        };
        vec![
            set(&|variable, _| format!("@previous_{variable} = @@{variable}")),
            set(&|variable, own| format!("{variable} = '{own}'")),
            create,
            set(&|variable, _| format!("{variable} = @previous_{variable}")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_mode_leaves_nothing_out() {
        let oracle = "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,\
                      NO_FIELD_OPTIONS,NO_AUTO_CREATE_USER";
        let plain = "PIPES_AS_CONCAT,IGNORE_SPACE,NO_AUTO_CREATE_USER";
        assert_eq!(plain_mode(oracle).as_deref(), Some(plain));
        assert_eq!(plain_mode(plain), None);
    }

    #[test]
    fn settings_are_set_only_where_they_differ() {
        let settings = |sql_mode: &str, client: &str| Settings {
            sql_mode: sql_mode.to_owned(),
            client: client.to_owned(),
            collation: "utf8mb4_bin".to_owned(),
            time_zone: "+00:00".to_owned(),
        };
        let here = settings("ANSI", "utf8mb4");
        assert_eq!(here.around(&here, "CREATE".to_owned()), ["CREATE"]);
        let around = settings("", "latin1").around(&here, "CREATE é".to_owned());
        assert_eq!(
            around,
            [
                "SET @previous_sql_mode = @@sql_mode",
                "SET sql_mode = ''",
                "CREATE é",
                "SET sql_mode = @previous_sql_mode"
            ]
        );
        assert_eq!(settings("", "latin1").around(&here, "CREATE".to_owned()).len(), 4);
    }
}
