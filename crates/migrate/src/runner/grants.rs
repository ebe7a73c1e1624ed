use super::{Doing, Runner};
use crate::backend::{Failure, JOURNAL, Kind, REVISIONS, backquoted};
use crate::report::GrantsReport;
use crate::{Engine, Error};

impl Runner {
    /// The statements that give a role what a serving program needs and no more: rows of the
    /// application's tables, and a look at what is applied. Writes nothing.
    pub async fn grants(&mut self, role: &str) -> Result<GrantsReport, Error> {
        let engine = self.engine();
        let grants = match engine {
            Engine::Sqlite => Ok(Vec::new()),
            Engine::MySql | Engine::MariaDb => self.grants_of_mysql(role).await,
            Engine::Postgres => self.grants_of_postgres(role).await,
        };
        Ok(GrantsReport { engine: engine.name(), grants: grants.doing("the tables were listed")? })
    }

    /// A right on the whole database cannot leave tables out, so each table is named:
    /// <https://dev.mysql.com/doc/refman/9.0/en/grant.html>
    async fn grants_of_mysql(&mut self, role: &str) -> Result<Vec<String>, Failure> {
        let sql = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
                   WHERE table_schema = DATABASE() ORDER BY table_name";
        let rows = self.backend.read(sql, &[], &[Kind::Text]).await?;
        let account = account(role);
        let (applied, read) = self.own_tables();
        let tables = rows.iter().filter_map(|row| row.find_text(0));
        let grants = tables.filter_map(|table| {
            let rights = rights(table, &applied, &read)?;
            Some(format!("GRANT {rights} ON {} TO {account};", backquoted(table)))
        });
        let sql = "SELECT CAST(routine_type AS CHAR), CAST(routine_name AS CHAR) \
                   FROM information_schema.routines WHERE routine_schema = DATABASE() \
                   AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY 1, 2";
        let routines = self.backend.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
        let routines = routines.iter().filter_map(|row| {
            let (kind, name) = (row.find_text(0)?, backquoted(row.find_text(1)?));
            Some(format!("GRANT EXECUTE ON {kind} {name} TO {account};"))
        });
        // sqlx's table may be of another database.
        let other = applied.split_once('.').map(|(database, table)| {
            let place = format!("{}.{}", backquoted(database), backquoted(table));
            format!("GRANT SELECT ON {place} TO {account};")
        });
        Ok(grants.chain(routines).chain(other).collect())
    }

    /// <https://www.postgresql.org/docs/current/sql-grant.html>
    async fn grants_of_postgres(&mut self, role: &str) -> Result<Vec<String>, Failure> {
        let sql = "SELECT n.nspname::text, c.relname::text FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' \
                   AND n.nspname <> 'information_schema' ORDER BY 1, 2";
        let rows = self.backend.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
        let role = quoted(role);
        let (applied, read) = self.own_tables();
        // Where nothing is made yet, what revisions will make is granted.
        let here = self.backend.read("SELECT current_schema()::text", &[], &[Kind::Text]).await?;
        let (mut grants, mut schemas) = (Vec::new(), Vec::new());
        if rows.is_empty() {
            schemas.extend(here.first().and_then(|row| row.find_text(0)));
        }
        for row in &rows {
            let (schema, table) = (row.text(0)?, row.text(1)?);
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
            let place = format!("{}.{}", quoted(schema), quoted(table));
            if is_own(table, &applied) {
                // Default privileges may have given it more.
                grants.push(format!("REVOKE ALL ON {place} FROM {role};"));
            }
            if let Some(rights) = rights(table, &applied, &read) {
                grants.push(format!("GRANT {rights} ON {place} TO {role};"));
            }
        }
        let of_schemas = schemas.into_iter().map(quoted).flat_map(|schema| {
            [
                format!("GRANT USAGE ON SCHEMA {schema} TO {role};"),
                format!("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};"),
                // What later revisions make, by the role that runs this.
                format!(
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, \
                     DELETE ON TABLES TO {role};"
                ),
                format!(
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES \
                     TO {role};"
                ),
            ]
        });
        let of_schemas: Vec<String> = of_schemas.collect();
        Ok([of_schemas, grants].concat())
    }

    /// sqlx's table, and the runner's that a serving program reads to see whether the schema is ready, or what
    /// became of a file that was begun.
    fn own_tables(&self) -> (String, [String; 2]) {
        let dialect = self.backend.dialect();
        (dialect.applied.clone(), [REVISIONS, JOURNAL].map(|table| dialect.own(table)))
    }
}

/// Whether it is one of the runner's tables, or sqlx's.
fn is_own(table: &str, applied: &str) -> bool {
    table == applied.rsplit('.').next().unwrap_or(applied) || table.starts_with("_migrate_")
}

/// What is granted on a table; the runner's own are read at most.
fn rights(table: &str, applied: &str, read: &[String]) -> Option<&'static str> {
    match table {
        _ if read.iter().any(|read| read == table) => Some("SELECT"),
        _ if is_own(table, applied) && !table.starts_with("_migrate_") => Some("SELECT"),
        _ if table.starts_with("_migrate_") => None,
        _ => Some("SELECT, INSERT, UPDATE, DELETE"),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `user`, or `user@host`: an account is both, and a role without a host is one for all of them.
fn account(role: &str) -> String {
    let (user, host) = role.rsplit_once('@').unwrap_or((role, "%"));
    let quoted = |part: &str| {
        let bare = part.trim_matches(['\'', '`', '"']);
        format!("'{}'", bare.replace('\\', "\\\\").replace('\'', "''"))
    };
    format!("{}@{}", quoted(user), quoted(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_whatever_they_hold() {
        assert_eq!(account("app"), "'app'@'%'");
        assert_eq!(account("a'b@10.%"), "'a''b'@'10.%'");
        assert_eq!(account("'app'@'localhost'"), "'app'@'localhost'");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
