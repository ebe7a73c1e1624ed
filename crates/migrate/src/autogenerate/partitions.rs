use artisan_schema::ddl::Script;

use crate::Error;

/// Refuses to make or to drop a table with partitions: they are not managed, so that the table, or what the way
/// back makes of it, would have none, and nothing that compares models would see it.
pub(super) fn check(scripts: &[Script], unmanaged: &[String]) -> Result<(), Error> {
    let all = scripts.iter().flat_map(|script| script.up.iter().chain(&script.down));
    let mut moved = all.filter(|one| matches!(one.change, "create table" | "drop table"));
    let Some(table) = moved.find(|one| {
        let partitions = format!("partitions of table {}", one.object);
        unmanaged.contains(&partitions)
    }) else {
        return Ok(());
    };
    let message = format!(
        "nothing was written: table {0} has partitions, which are not managed, and would be made without them; \
         write this revision by hand, or leave the table out by --ignore {0}",
        table.object
    );
    Err(Error::Unproven(message))
}
