use artisan_schema::ddl::Script;

use super::Autogenerate;
use super::compare::Sides;
use crate::{Engine, Error};

/// How what is told of a column ends whose values are not.
pub(crate) const UNTOLD: &str = ", of which the server shows some as ?";

impl Autogenerate<'_> {
    /// Refuses literals that the server did not show as they are.
    ///
    /// `information_schema` tells what it cannot convert as `?`, on both sides alike, so that no proof finds
    /// it. The true values are asked for; where this user may not ask, a column is told of as not looked at,
    /// and a literal with such a mark stands in the files or in the desired schema, or is none of theirs.
    pub(super) fn check_shown(&self, scripts: &[Script], sides: &Sides) -> Result<(), Error> {
        let is_mysql = matches!(self.place.target.engine(), Engine::MySql | Engine::MariaDb);
        if !is_mysql || !sides.unmanaged().iter().any(|what| what.ends_with(UNTOLD)) {
            return Ok(());
        }
        let files = self.source.files.iter().map(|file| file.text.as_ref());
        let texts = sides.texts.iter().map(|text| text.text.as_ref());
        let known: Vec<&str> = files.chain(texts).collect();
        for statement in scripts.iter().flat_map(|script| script.up.iter().chain(&script.down)) {
            let mut suspects = literals(&statement.sql).filter(|literal| literal.contains('?'));
            let Some(lost) = suspects.find(|one| !known.iter().any(|text| text.contains(one)))
            else {
                continue;
            };
            let message = format!(
                "nothing was written: of {} the server tells {lost}, which neither the files nor the desired \
                 schema say: it shows characters that it cannot convert so, and to write that would change \
                 them\n{};",
                statement.object, statement.sql
            );
            return Err(Error::Unproven(message));
        }
        Ok(())
    }
}

/// The texts in single quotes, with them.
fn literals(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('\'')?;
        let start = rest.len() - after.len() - 1;
        let mut characters = after.char_indices().peekable();
        let mut end = after.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => drop(characters.next()),
                '\'' if characters.next_if(|(_, next)| *next == '\'').is_none() => {
                    end = at + 1;
                    break;
                }
                _ => {}
            }
        }
        let literal = rest.get(start..=start + end);
        rest = after.get(end..).unwrap_or_default();
        literal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_end_where_the_server_ends_them() {
        let sql = r"a 'it''s ?' , '\'?' DEFAULT '' ENUM('?','b')";
        let found: Vec<&str> = literals(sql).collect();
        assert_eq!(found, ["'it''s ?'", r"'\'?'", "''", "'?'", "'b'"]);
    }
}
