use artisan_schema::ddl::Script;

use super::Autogenerate;
use crate::backend::{Kind, connect};
use crate::{Access, Engine, Error, Event};

const READING: &str = "the server's sql_mode was read";

impl Autogenerate<'_> {
    /// Tells of a server of `MySQL` or `MariaDB` that changes rows where others refuse them: neither `-- fails while` nor
    /// `-- destructive` is true of what is written then.
    pub(super) async fn tell_unless_strict(&self, scripts: &[Script]) -> Result<(), Error> {
        let is_mysql = matches!(self.place.target.engine(), Engine::MySql | Engine::MariaDb);
        if !is_mysql || scripts.is_empty() {
            return Ok(());
        }
        let mut backend = connect(self.place.target, Access::Read, self.options).await?;
        let sql = "SELECT CONVERT(@@sql_mode USING utf8mb4)";
        let rows = backend.read(sql, &[], &[Kind::Text]).await;
        backend.close().await;
        let rows = rows.map_err(|failure| failure.while_doing(READING))?;
        let mode = rows.first().and_then(|row| row.find_text(0)).unwrap_or_default();
        if let Some(message) = warning(mode) {
            self.options.observer.tell(&Event::Noticed { message });
        }
        Ok(())
    }
}

fn warning(mode: &str) -> Option<String> {
    let is_strict =
        mode.split(',').any(|word| ["STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"].contains(&word));
    let message = "the server's sql_mode is not strict: where the file says `fails while`, and where a value does not \
                   fit, such a server changes rows without a word (NULL becomes 0, texts are cut, values of an ENUM \
                   become empty). Begin the file, and its down file, with \
                   `SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES');`, or set the server so";
    (!is_strict).then(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mode_that_is_not_strict_is_told() {
        assert!(warning("").is_some() && warning("ANSI_QUOTES,NO_ZERO_DATE").is_some());
        assert!(warning("ANSI_QUOTES,STRICT_TRANS_TABLES").is_none());
        assert!(warning("STRICT_ALL_TABLES").is_none());
    }
}
