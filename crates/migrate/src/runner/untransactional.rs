use super::Doing;
use crate::backend::{Backend, JOURNAL, REVISIONS};
use crate::{Error, Options};

/// Refuses tables of the runner's whose rows no transaction takes back: that a file is applied could be
/// recorded without its rows, or be lost with a crash of the server, and nothing would tell.
pub(super) async fn refuse_untransactional(
    backend: &mut dyn Backend,
    options: &Options,
) -> Result<(), Error> {
    let [revisions, journal] = [REVISIONS, JOURNAL].map(|table| backend.dialect().own(table));
    let tables = [options.table_name.clone(), revisions, journal];
    let found = backend.find_untransactional(&tables).await;
    let Some(table) = found.doing("the tables' engines were read")? else { return Ok(()) };
    let message = format!(
        "the rows of {table}, which says what is applied, share no transaction with those of a file, so that \
         a broken run would leave the two unlike: run `ALTER TABLE {table} ENGINE = InnoDB`, then the same \
         command again"
    );
    Err(Error::usage("LEDGER_UNTRANSACTIONAL", message))
}
