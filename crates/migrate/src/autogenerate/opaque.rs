use artisan_schema::ddl::{self, Script};
use artisan_schema::model::{Name, Space};

use super::compare::Sides;
use super::decide::Decided;
use crate::Error;

/// Refuses where the two schemas differ in whole objects that are not managed, which no comparison of models would
/// make equal; and to make or to drop a table with partitions: it, or what the way back makes of it, would have
/// none.
pub(super) fn check(scripts: &[Script], sides: &Sides) -> Result<(), Error> {
    let differing = sides.from.differing_opaques(&sides.to);
    if !differing.is_empty() {
        return Err(refused(&format!(
            "what the files make and the desired schema differ in what is not managed: {}",
            differing.join(", ")
        )));
    }
    let all = scripts.iter().flat_map(|script| script.up.iter().chain(&script.down));
    let mut moved = all.filter(|one| matches!(one.change, "create table" | "drop table"));
    let is_cut = |name: &str| {
        let key = (Space::Partitions, Name::local(name));
        [&sides.from, &sides.to].iter().any(|side| side.opaques.0.contains_key(&key))
    };
    moved.find(|one| is_cut(&one.object.to_string())).map_or(Ok(()), |table| {
        Err(refused(&format!(
            "table {} has partitions, which are not managed, and would be made without them",
            table.object
        )))
    })
}

/// Refuses to give a policy or another such thing a text in which renamed tables and columns may be others.
pub(super) fn check_told(decided: &Decided, scripts: &[Script]) -> Result<(), Error> {
    ddl::untold(&decided.up, &decided.back, scripts).map_or(Ok(()), |statement| {
        Err(Error::Unproven(format!(
            "nothing was written: {} has to be taken off and put on again, and in its text stand names that are \
             renamed, where it cannot be told for sure what each of them is; declare it in the desired schema as it is \
             to be, or write this revision by hand\n{};",
            statement.object, statement.sql
        )))
    })
}

fn refused(why: &str) -> Error {
    let next = "write this revision by hand, or leave it out by --ignore NAME";
    Error::Unproven(format!("nothing was written: {why}; {next}"))
}
