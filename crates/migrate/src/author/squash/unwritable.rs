use super::Squash;
use crate::backend::connect;
use crate::dump::{self, Drift};
use crate::scratch::Made;
use crate::{Access, Engine, Error, Options, ScratchPlace};

impl Squash {
    /// What no statement of a baseline could make, and what no scratch database shows.
    pub(super) async fn unwritable(
        &self,
        made: &Made,
        place: ScratchPlace<'_>,
        options: &Options,
    ) -> Result<Vec<Drift>, Error> {
        let mut unmanaged = made.contents.unmanaged.clone();
        match place.target.engine() {
            Engine::Sqlite => unmanaged.extend(self.pragmas_of_the_file()),
            Engine::MySql | Engine::MariaDb => {}
            Engine::Postgres => unmanaged.extend(other_path(made, place, options).await?),
        }
        let missing = |object| {
            let (kind, sql) = ("missing", String::new());
            Drift { kind, object, sql, found: None }
        };
        Ok(unmanaged.into_iter().map(missing).collect())
    }

    /// Pragmas that the file keeps and that a database in memory does not have:
    /// <https://www.sqlite.org/pragma.html>.
    fn pragmas_of_the_file(&self) -> Vec<String> {
        let mut found = Vec::new();
        for revision in self.squashed() {
            let text = revision.up.text.to_lowercase();
            for pragma in ["journal_mode", "auto_vacuum", "page_size", "encoding"] {
                if is_set(&text, pragma) {
                    found.push(format!("PRAGMA {pragma} in {}", revision.up.file));
                }
            }
        }
        found
    }
}

/// Whether a text in lower case has `PRAGMA name =` or `PRAGMA name(`, with a schema or without.
fn is_set(text: &str, pragma: &str) -> bool {
    text.split("pragma").skip(1).any(|rest| {
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("main.").unwrap_or(rest).trim_start();
        let rest = rest.strip_prefix(pragma).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['=', '(']))
    })
}

/// Names without a schema mean something else in a scratch database than in the target: settings of
/// a database are not those of another.
async fn other_path(
    made: &Made,
    place: ScratchPlace<'_>,
    options: &Options,
) -> Result<Option<String>, Error> {
    let mut target = connect(place.target, Access::Read, options).await?;
    let found = dump::rows::search_path(target.as_mut()).await;
    target.close().await;
    let (path, schema) =
        found.map_err(|failure| failure.while_doing("the search path was read"))?;
    let (other_path, other_schema) = &made.contents.search_path;
    // An empty database may not have its schema yet.
    let is_other = !schema.is_empty() && schema != *other_schema;
    Ok((path != *other_path || is_other).then(|| {
        format!(
            "the search path {path} of the database, where names without a schema are in \"{schema}\", \
             and in \"{other_schema}\" in a scratch database, whose path is {other_path}"
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pragma_counts_where_it_is_set() {
        assert!(is_set("pragma journal_mode = wal;", "journal_mode"));
        assert!(is_set("select 1; pragma main.auto_vacuum(1)", "auto_vacuum"));
        assert!(!is_set("pragma journal_mode;", "journal_mode"));
        assert!(!is_set("select 'journal_mode = wal'", "journal_mode"));
    }
}
