//! Expressions that mean the same in the same words.
//!
//! What the server prints of an expression, fed back, may print otherwise: `s IN ('a', 'b')` of a `varchar`
//! needs two rounds. A schema that was dumped therefore differs in words from the one that it was dumped from.

mod definitions;
mod ground;
mod tables;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::refused;
use crate::Error;
use crate::model::Schema;

/// How often a text is fed back until it stays.
const ROUNDS: usize = 4;

/// Gives the first schema the words of the second where an expression of something that both name alike
/// means the same.
///
/// The connection is one to a scratch database that holds what the second schema has. What it takes to
/// find out is made as temporary objects, in a transaction that is rolled back: no object of either schema is touched.
/// An expression that cannot be made there (it calls a function that only the other schema has, say) stays as it is.
///
/// # Errors
/// [`Error::Catalog`] if the connection breaks.
pub async fn settled(
    connection: &mut PgConnection,
    from: Schema,
    to: Schema,
) -> Result<(Schema, Schema), Error> {
    let mut from = from;
    let mut transaction = connection.begin().await.map_err(refused)?;
    let path = "SELECT set_config('search_path', quote_ident(current_schema()), true)";
    transaction.execute(path).await.map_err(refused)?;
    let mut scratch = Scratch { connection: &mut transaction };
    let lost = ground::without_routine(&from, &to);
    tables::settle(&mut scratch, (&mut from, &to), &lost).await.map_err(refused)?;
    definitions::settle(&mut scratch, (&mut from, &to), &lost).await.map_err(refused)?;
    transaction.rollback().await.map_err(refused)?;
    Ok((from, to))
}

/// A session in which temporary objects come and go.
struct Scratch<'c> {
    connection: &'c mut PgConnection,
}

/// How a text is made in a scratch session, and how it is asked for again.
struct Trial<'a> {
    /// The statements before the one that holds the text.
    before: String,
    /// The statement that holds it.
    made: &'a (dyn Fn(&str) -> String + Sync),
    /// The question that gives it back.
    asked: String,
}

impl Scratch<'_> {
    /// Whether two texts come to the same, each made in its own way.
    async fn are_same(
        &mut self,
        (one, as_one): (&str, &Trial<'_>),
        (other, as_other): (&str, &Trial<'_>),
    ) -> Result<bool, sqlx::Error> {
        let Some(one) = self.stable(one, as_one).await? else { return Ok(false) };
        Ok(self.stable(other, as_other).await?.is_some_and(|other| one == other))
    }

    /// The text once it stays as it is; `None` if it cannot be made, or never stays.
    async fn stable(
        &mut self,
        text: &str,
        trial: &Trial<'_>,
    ) -> Result<Option<String>, sqlx::Error> {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let Some(printed) = self.printed(&text, trial).await? else { return Ok(None) };
            if printed == text {
                return Ok(Some(text));
            }
            text = printed;
        }
        Ok(None)
    }

    async fn printed(
        &mut self,
        text: &str,
        trial: &Trial<'_>,
    ) -> Result<Option<String>, sqlx::Error> {
        let mut savepoint = self.connection.begin().await?;
        let made = format!("{};\n{}", trial.before, (trial.made)(text));
        let printed = match savepoint.execute(AssertSqlSafe(made)).await {
            Ok(_) => {
                let asked = sqlx::query_scalar(AssertSqlSafe(trial.asked.clone()));
                asked.fetch_optional(&mut *savepoint).await.map(Option::flatten)
            }
            Err(error) => Err(error),
        };
        savepoint.rollback().await?;
        match printed {
            Ok(printed) => Ok(printed),
            Err(sqlx::Error::Database(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
