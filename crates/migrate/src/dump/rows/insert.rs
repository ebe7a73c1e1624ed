use super::super::SchemaObject;

/// A statement that is longer than a packet is refused: `max_allowed_packet` of MariaDB is 16 MiB,
/// and of older servers 1 MiB.
const MOST_BYTES: usize = 512 * 1024;
const MOST_ROWS: usize = 500;

/// The rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableRows {
    pub(super) name: String,
    /// `INSERT INTO … VALUES`.
    pub(super) head: String,
    /// `(1, 'a')`, in the order in which the server gave them.
    pub(super) rows: Vec<String>,
}

impl TableRows {
    /// Statements none of which has too many rows or, unless a single row has, too many bytes.
    pub(super) fn statements(&self) -> Vec<String> {
        let mut statements = Vec::new();
        let mut rows: Vec<&str> = Vec::new();
        let mut bytes = 0;
        for row in &self.rows {
            if rows.len() == MOST_ROWS || (!rows.is_empty() && bytes + row.len() > MOST_BYTES) {
                statements.push(self.statement(&rows));
                rows.clear();
                bytes = 0;
            }
            bytes += row.len();
            rows.push(row);
        }
        if !rows.is_empty() {
            statements.push(self.statement(&rows));
        }
        statements
    }

    fn statement(&self, rows: &[&str]) -> String {
        format!("{}\n    {}", self.head, rows.join(",\n    "))
    }

    /// The same as an object that can be compared: the order of rows does not count.
    pub(super) fn object(&self) -> SchemaObject {
        let mut rows = self.rows.clone();
        rows.sort();
        let sql = format!("{}\n{}", self.head, rows.join("\n"));
        SchemaObject { kind: "rows of", name: self.name.clone(), sql }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(rows: Vec<String>) -> Vec<usize> {
        let table = TableRows { name: "a".to_owned(), head: "INSERT".to_owned(), rows };
        table.statements().iter().map(|sql| sql.lines().count() - 1).collect()
    }

    #[test]
    fn statements_have_neither_many_rows_nor_many_bytes() {
        assert_eq!(sizes(vec!["(1)".to_owned(); 1001]), [500, 500, 1]);
        assert_eq!(sizes(vec!["x".repeat(200 * 1024); 5]), [2, 2, 1]);
        assert_eq!(sizes(vec!["x".repeat(MOST_BYTES + 1); 2]), [1, 1]);
        assert!(sizes(Vec::new()).is_empty());
    }
}
