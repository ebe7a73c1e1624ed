use time::OffsetDateTime;

use super::Failure;

/// A value for a `?` in a question of the runner's own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Int(i64),
    Text(&'a str),
}

/// What a column is read as.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Int,
    Bool,
    Text,
    Bytes,
    Time,
}

/// A row as it was read; absent values are `None`.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(super) Vec<Cell>);

#[derive(Clone, Debug)]
pub(super) enum Cell {
    Int(Option<i64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Time(Option<OffsetDateTime>),
}

impl Row {
    pub(crate) fn int(&self, column: usize) -> Result<i64, Failure> {
        match self.0.get(column) {
            Some(Cell::Int(Some(value))) => Ok(*value),
            _ => Err(Failure::shape(column)),
        }
    }

    pub(crate) fn bool(&self, column: usize) -> Result<bool, Failure> {
        match self.0.get(column) {
            Some(Cell::Bool(Some(value))) => Ok(*value),
            _ => Err(Failure::shape(column)),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, Failure> {
        self.find_text(column).ok_or_else(|| Failure::shape(column))
    }

    pub(crate) fn find_text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Cell::Text(value)) => value.as_deref(),
            _ => None,
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8], Failure> {
        match self.0.get(column) {
            Some(Cell::Bytes(Some(value))) => Ok(value),
            _ => Err(Failure::shape(column)),
        }
    }

    pub(crate) fn find_time(&self, column: usize) -> Option<OffsetDateTime> {
        match self.0.get(column) {
            Some(Cell::Time(value)) => *value,
            _ => None,
        }
    }
}

/// Binds values to a query; the same text for the three drivers, whose types share no trait for it.
macro_rules! bind {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query(sqlx::AssertSqlSafe($sql));
        for value in $values {
            query = match *value {
                $crate::backend::Value::Int(value) => query.bind(value),
                $crate::backend::Value::Text(value) => query.bind(value.to_owned()),
            };
        }
        query
    }};
}

/// Reads the columns of a row by their kinds. Whoever fills a column may have put in what is no time to the driver: then
/// there is none.
macro_rules! cells {
    ($row:expr, $kinds:expr) => {
        $crate::backend::value::cells!($row, $kinds, |at| $row.try_get(at).ok().flatten())
    };
    ($row:expr, $kinds:expr, $time:expr) => {{
        let mut cells = Vec::with_capacity($kinds.len());
        for (at, kind) in $kinds.iter().enumerate() {
            cells.push(match kind {
                $crate::backend::Kind::Int => $crate::backend::value::Cell::Int($row.try_get(at)?),
                $crate::backend::Kind::Bool => {
                    $crate::backend::value::Cell::Bool($row.try_get(at)?)
                }
                $crate::backend::Kind::Text => {
                    $crate::backend::value::Cell::Text($row.try_get(at)?)
                }
                $crate::backend::Kind::Bytes => {
                    $crate::backend::value::Cell::Bytes($row.try_get(at)?)
                }
                $crate::backend::Kind::Time => $crate::backend::value::Cell::Time($time(at)),
            });
        }
        Ok::<_, sqlx::Error>($crate::backend::Row(cells))
    }};
}

/// Runs a text of several statements, counting those that have run.
macro_rules! counted {
    ($connection:expr, $sql:expr, $seen:expr) => {{
        use futures_util::StreamExt as _;
        let mut seen = $seen;
        let query = sqlx::raw_sql(sqlx::AssertSqlSafe($sql.to_owned()));
        let mut results = query.fetch_many($connection);
        let mut done = 0;
        loop {
            match results.next().await {
                None => break Ok(()),
                Some(Ok(sqlx::Either::Left(_))) => {
                    done += 1;
                    seen();
                }
                // Rows are nobody's concern here.
                Some(Ok(sqlx::Either::Right(_))) => {}
                Some(Err(error)) => {
                    let failure = failure(&error);
                    break Err($crate::backend::Halted { done, failure });
                }
            }
        }
    }};
}

/// Asks once a second how far a statement is, on a connection of its own, and tells the answer; ends
/// where the server does not answer.
macro_rules! watched {
    ($options:expr, $question:expr, $tell:expr) => {{
        use sqlx::ConnectOptions as _;
        $crate::clock::pause(2 * $crate::backend::WATCH_EACH).await;
        let Ok(mut connection) = $options.connect().await else { return };
        let question: String = $question;
        loop {
            let query = sqlx::raw_sql(sqlx::AssertSqlSafe(question.clone()));
            let Ok(rows) = query.fetch_all(&mut connection).await else { return };
            if let Some(told) = rows.first().and_then(|row| row.try_get::<String, _>(0).ok()) {
                $tell(told);
            }
            $crate::clock::pause($crate::backend::WATCH_EACH).await;
        }
    }};
}

/// Milliseconds as the servers' settings hold them: 31 bits, some 24 days.
pub(super) fn millis(time: std::time::Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX)
}

pub(super) use {bind, cells, counted, watched};
