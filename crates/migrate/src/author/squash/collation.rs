use super::Squash;
use crate::dump::{self, SchemaObject};
use crate::scratch::{Collation, Look, Made};
use crate::{Engine, Error, Options, ScratchPlace};

impl Squash {
    /// The texts in which tables of `MySQL` and `MariaDB` take the database's character set and collation
    /// where the squashed files leave them to it, proven in a database of another collation.
    ///
    /// `SHOW CREATE TABLE` names them in any case, and would carry those of one database into all others.
    /// Nothing where no table leaves them to the database, or where that cannot be proven.
    pub(super) async fn portable(
        &self,
        before: &Made,
        place: ScratchPlace<'_>,
        options: &Options,
    ) -> Result<Option<(String, String)>, Error> {
        let engine = place.target.engine();
        if !matches!(engine, Engine::MySql | Engine::MariaDb) {
            return Ok(None);
        }
        let replay = async |history| {
            match place.make_in(Collation::Another, history, options, Look::Rows).await {
                Ok(made) => Ok(Some(made)),
                Err(error @ (Error::Stopped | Error::ConnectionLost { .. })) => Err(error),
                // Not every schema goes with every collation.
                Err(_) => Ok(None),
            }
        };
        let Some(other) = replay(self.before()).await? else { return Ok(None) };
        let mut portable = before.clone();
        let mut is_changed = false;
        for table in portable.schema.objects.iter_mut().filter(|object| object.kind == "table") {
            let found =
                other.schema.objects.iter().find(|o| o.kind == "table" && o.name == table.name);
            if found.is_some_and(|found| options_of(found) != options_of(table)) {
                table.sql = without_collation(&table.sql);
                is_changed = true;
            }
        }
        if !is_changed {
            return Ok(None);
        }
        let texts = self.texts(engine, &portable);
        let Some(made) = replay(self.baseline(&texts.0, None)?).await? else { return Ok(None) };
        let is_equal = dump::compare(&data(&other), &data(&made)).is_empty();
        Ok(is_equal.then_some(texts))
    }
}

/// Tables and rows; routines name the collation of where they were printed.
fn data(made: &Made) -> Vec<SchemaObject> {
    let objects = made.objects().into_iter();
    objects.filter(|object| matches!(object.kind, "table" | "rows of")).collect()
}

/// What stands behind the columns.
fn options_of(table: &SchemaObject) -> &str {
    table.sql.rfind("\n)").and_then(|at| table.sql.get(at..)).unwrap_or_default()
}

/// The statement without the character set and the collation of the table.
fn without_collation(sql: &str) -> String {
    let Some((columns, options)) = sql.rfind("\n)").map(|at| sql.split_at(at)) else {
        return sql.to_owned();
    };
    let mut kept = options.to_owned();
    for word in [" DEFAULT CHARSET=", " COLLATE="] {
        if let Some((before, after)) = kept.split_once(word) {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            kept = format!("{before}{rest}");
        }
    }
    format!("{columns}{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tables_own_collation_goes() {
        let sql = "CREATE TABLE `a` (\n  `b` text COLLATE utf8mb4_bin\n) ENGINE=InnoDB DEFAULT \
                   CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='x'";
        assert_eq!(
            without_collation(sql),
            "CREATE TABLE `a` (\n  `b` text COLLATE utf8mb4_bin\n) ENGINE=InnoDB COMMENT='x'"
        );
    }
}
