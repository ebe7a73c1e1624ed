use super::TableSize;
use crate::Engine;
use crate::backend::{Kind, Row, Value};
use crate::runner::Runner;

impl Runner {
    /// The sizes of those tables that are there. What a server does not tell is left out: a plan is no
    /// worse without it.
    pub(super) async fn sizes(&mut self, tables: &[String]) -> Vec<TableSize> {
        if self.engine() == Engine::MySql && !tables.is_empty() {
            // MySQL shows sizes up to a day old otherwise:
            // <https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_information_schema_stats_expiry>
            let fresh = "SET SESSION information_schema_stats_expiry = 0";
            if let Err(error) = self.backend.run(fresh).await {
                tracing::debug!(%error, "sizes may be old");
            }
        }
        let mut sizes = Vec::new();
        for table in tables {
            let size = match self.engine() {
                Engine::Sqlite => self.sqlite_size(table).await,
                Engine::MySql | Engine::MariaDb => self.mysql_size(table).await,
                Engine::Postgres => self.postgres_size(table).await,
            };
            sizes.extend(size);
        }
        sizes
    }

    async fn first(&mut self, sql: &str, values: &[Value<'_>], kinds: &[Kind]) -> Option<Row> {
        match self.backend.read(sql, values, kinds).await {
            Ok(rows) => rows.into_iter().next(),
            Err(error) => {
                tracing::debug!(%error, "no size");
                None
            }
        }
    }

    async fn postgres_size(&mut self, table: &str) -> Option<TableSize> {
        let sql = "SELECT pg_total_relation_size(oid), reltuples::bigint FROM pg_class \
                   WHERE oid = to_regclass(?)";
        let row = self.first(sql, &[Value::Text(table)], &[Kind::Int, Kind::Int]).await?;
        // A table that was never analysed has -1 rows.
        let rows = row.int(1).ok().filter(|rows| *rows >= 0);
        Some(TableSize { table: table.to_owned(), bytes: row.int(0).ok(), rows })
    }

    async fn mysql_size(&mut self, table: &str) -> Option<TableSize> {
        let plain = table.replace('`', "");
        let (schema, name) = plain.split_once('.').unwrap_or(("", &plain));
        let sql = "SELECT CAST(COALESCE(data_length + index_length, 0) AS SIGNED), \
                   CAST(COALESCE(table_rows, 0) AS SIGNED) FROM information_schema.tables \
                   WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ?";
        let values = [Value::Text(schema), Value::Text(name)];
        let row = self.first(sql, &values, &[Kind::Int, Kind::Int]).await?;
        Some(TableSize { table: table.to_owned(), bytes: row.int(0).ok(), rows: row.int(1).ok() })
    }

    async fn sqlite_size(&mut self, table: &str) -> Option<TableSize> {
        let name = table.trim_matches(['"', '`', '[', ']']);
        if !self.backend.has_table(name).await.unwrap_or_default() {
            return None;
        }
        // Not every build has dbstat.
        let sql = "SELECT SUM(pgsize) FROM dbstat WHERE name IN \
                   (SELECT name FROM sqlite_schema WHERE tbl_name = ?)";
        let bytes = self.first(sql, &[Value::Text(name)], &[Kind::Int]).await;
        let quoted = name.replace('"', "\"\"");
        let sql = format!("SELECT COALESCE(MAX(rowid), 0) FROM \"{quoted}\"");
        let rows = match self.first(&sql, &[], &[Kind::Int]).await {
            Some(row) => Some(row),
            // WITHOUT ROWID
            None => {
                self.first(&format!("SELECT COUNT(*) FROM \"{quoted}\""), &[], &[Kind::Int]).await
            }
        };
        let int = |row: Option<Row>| row.and_then(|row| row.int(0).ok());
        Some(TableSize { table: table.to_owned(), bytes: int(bytes), rows: int(rows) })
    }
}
