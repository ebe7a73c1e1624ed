use super::constraint::is_kind;
use super::reader::Reader;
use super::storage::{self, Storage};
use super::{
    Action, AlterOther, AlterTable, Column, Constraint, ConstraintKind, FUNCTIONAL, Name, Type,
    What,
};
use crate::Engine;

/// What follows `ALTER`.
pub(super) fn alter(reader: &mut Reader<'_>) -> Option<What> {
    reader.eat("ONLINE");
    let ignores = reader.eat("IGNORE");
    if !reader.eat("TABLE") {
        return other(reader);
    }
    let if_exists = reader.eat_if_exists();
    reader.eat("ONLY");
    let table = reader.name()?;
    reader.eat_sign("*");
    if reader.eat_any(&["WAIT", "NOWAIT"]) && reader.ahead(0).parse::<u32>().is_ok() {
        reader.advance();
    }
    let mut alter =
        AlterTable { table, actions: Vec::new(), algorithm: None, lock: None, if_exists, ignores };
    if reader.is_mysql() {
        // `PARTITION BY` may follow another change without a comma, or stand in a comment that is run.
        let cut = [["PARTITION", "BY"], ["REMOVE", "PARTITIONING"]].map(|words| reader.cut(words));
        if cut.contains(&true) {
            alter.actions.push(Action::Storage(Storage::Partition));
        }
        if reader.has_executable() {
            alter.actions.push(Action::Other);
        }
    }
    for mut item in reader.items() {
        settings(&mut item, &mut alter);
        // Names of more partitions stand behind its commas, and no other change.
        let is_partition = item.is_mysql() && item.ahead(1) == "PARTITION";
        if !item.is_done() {
            alter.actions.extend(actions(&mut item, &alter.table));
        }
        if is_partition {
            break;
        }
    }
    Some(What::AlterTable(alter))
}

/// `ALGORITHM=…` and `LOCK=…`, behind which partitions follow without a comma.
fn settings(item: &mut Reader<'_>, alter: &mut AlterTable) {
    loop {
        match item.ahead(0).as_str() {
            "ALGORITHM" => alter.algorithm = setting(item),
            "LOCK" => alter.lock = setting(item),
            _ => return,
        }
    }
}

fn other(reader: &mut Reader<'_>) -> Option<What> {
    let kind = reader.word();
    if kind == "MATERIALIZED" {
        reader.eat("VIEW");
    }
    reader.eat_if_exists();
    let name = reader.name();
    (!kind.is_empty()).then(|| What::AlterOther(AlterOther { kind, name, words: reader.words() }))
}

/// `= INSTANT`
fn setting(item: &mut Reader<'_>) -> Option<String> {
    item.advance();
    item.eat_sign("=");
    Some(item.word()).filter(|word| !word.is_empty())
}

fn actions(item: &mut Reader<'_>, table: &Name) -> Vec<Action> {
    let word = item.word();
    match word.as_str() {
        "ADD" => add(item),
        "DROP" => vec![drop(item)],
        "ALTER" => vec![alter_column(item).unwrap_or(Action::Other)],
        verb @ ("MODIFY" | "CHANGE") if item.is_mysql() => {
            vec![redefine(item, verb == "CHANGE").unwrap_or(Action::Other)]
        }
        "RENAME" => vec![rename(item).unwrap_or(Action::Other)],
        "VALIDATE" if item.eat("CONSTRAINT") => {
            item.name().map(Action::Validate).into_iter().collect()
        }
        "ATTACH" if item.eat("PARTITION") => item.name().map(Action::Attach).into_iter().collect(),
        "DETACH" if item.eat("PARTITION") => {
            let partition = item.name();
            let concurrently = item.has("CONCURRENTLY");
            partition
                .map(|partition| Action::Detach { partition, concurrently })
                .into_iter()
                .collect()
        }
        "SET" if item.engine == Engine::Postgres && item.eat("SCHEMA") => {
            vec![moved(item, table).unwrap_or(Action::Other)]
        }
        "SET" => vec![set(item)],
        "RESET" | "CLUSTER" => vec![Action::Parameters { words: Vec::new() }],
        "REPLICA" if item.eat("IDENTITY") => vec![Action::ReplicaIdentity(item.word())],
        "ENABLE" | "DISABLE" if item.has("TRIGGER") => vec![Action::Triggers],
        word if item.is_mysql() => storage::read(word, item).unwrap_or(vec![Action::Other]),
        _ => vec![Action::Other],
    }
}

/// `SET SCHEMA other`: the table has another name from then on.
fn moved(item: &mut Reader<'_>, table: &Name) -> Option<Action> {
    let schema = item.name()?;
    Some(Action::RenameTo(table.within(&schema)))
}

fn add(item: &mut Reader<'_>) -> Vec<Action> {
    let first = item.ahead(0);
    if first == "CONSTRAINT" || (is_kind(&first) && item.ahead(1) != "TYPE") {
        item.eat_all(&["CONSTRAINT", "IF", "NOT", "EXISTS"]);
        return vec![Constraint::read(item).map_or(Action::Other, Action::AddConstraint)];
    }
    if item.is_mysql() && first == "PARTITION" {
        // Those without values are of hashes, whose rows move.
        let moves = !item.clone().find("VALUES");
        let storage = if moves { Storage::Reorganize } else { Storage::AddPartition };
        return vec![Action::Storage(storage)];
    }
    if item.is_mysql() && item.eat_all(&["SYSTEM", "VERSIONING"]) {
        return vec![Action::Storage(Storage::KeepHistory)];
    }
    let is_index = item.ahead(0) == "INDEX" || item.ahead(1) == "INDEX";
    // MariaDB's periods are no columns.
    let is_period = first == "PERIOD" && item.ahead(1) == "FOR";
    if first == "TABLE"
        || is_period
        || (item.engine == Engine::Sqlite && (is_index || item.is_sign("(")))
    {
        return vec![Action::Other];
    }
    if matches!(first.as_str(), "INDEX" | "KEY" | "FULLTEXT" | "SPATIAL") && item.is_mysql() {
        return vec![add_index(item, &first)];
    }
    item.eat("COLUMN");
    let if_not_exists = item.eat_if_not_exists();
    if let Some(inner) = item.parentheses() {
        let columns = inner.items().into_iter().filter_map(|mut item| Column::read(&mut item));
        return columns.map(|column| Action::AddColumn { column, if_not_exists }).collect();
    }
    vec![
        Column::read(item)
            .map_or(Action::Other, |column| Action::AddColumn { column, if_not_exists }),
    ]
}

fn add_index(item: &mut Reader<'_>, first: &str) -> Action {
    item.advance();
    item.eat_any(&["INDEX", "KEY"]);
    item.eat_if_not_exists();
    let name = if item.is_sign("(") { None } else { item.name() };
    if item.eat("USING") {
        item.word();
    }
    let kind = match first {
        "FULLTEXT" | "SPATIAL" => first,
        _ if item.computes() => FUNCTIONAL,
        _ => "",
    };
    Action::AddIndex { name, columns: item.columns(), kind: kind.to_owned() }
}

fn drop(item: &mut Reader<'_>) -> Action {
    let kind = match item.ahead(0).as_str() {
        "CONSTRAINT" => None,
        "CHECK" => Some(ConstraintKind::Check),
        "FOREIGN" => Some(ConstraintKind::ForeignKey),
        "PRIMARY" => Some(ConstraintKind::PrimaryKey),
        "INDEX" | "KEY" if item.is_mysql() => {
            item.advance();
            item.eat_if_exists();
            return item.name().map_or(Action::Other, Action::DropIndex);
        }
        "INDEX" if item.engine == Engine::Sqlite => return Action::Other,
        "PERIOD" if item.ahead(1) == "FOR" => return Action::Other,
        "PARTITION" if item.is_mysql() => return Action::DropPartition,
        "SYSTEM" if item.is_mysql() && item.ahead(1) == "VERSIONING" => {
            return Action::Storage(Storage::DropHistory);
        }
        _ => {
            item.eat("COLUMN");
            let if_exists = item.eat_if_exists();
            return item
                .name()
                .map_or(Action::Other, |name| Action::DropColumn { name, if_exists });
        }
    };
    item.advance();
    item.eat("KEY");
    item.eat_if_exists();
    Action::DropConstraint { name: item.name(), kind }
}

fn alter_column(item: &mut Reader<'_>) -> Option<Action> {
    // The others are names of columns elsewhere.
    if item.eat("CONSTRAINT") || item.is_mysql() && item.eat_any(&["INDEX", "CHECK", "KEY"]) {
        return storage::switch(item).filter(|_| item.is_mysql());
    }
    item.eat("COLUMN");
    item.eat_if_exists();
    let column = item.name()?;
    let switch = storage::switch(item).filter(|_| item.is_mysql());
    if switch.is_some() {
        return switch;
    }
    let action = match item.word().as_str() {
        "TYPE" => Action::AlterType { column, to: Type::read(item) },
        "SET" if item.eat_all(&["DATA", "TYPE"]) => {
            Action::AlterType { column, to: Type::read(item) }
        }
        "SET" if item.eat_all(&["NOT", "NULL"]) => Action::SetNotNull(column),
        "DROP" if item.eat_all(&["NOT", "NULL"]) => Action::DropNotNull(column),
        "SET" | "DROP" if item.eat("DEFAULT") => Action::ChangeDefault(column),
        "SET" if item.eat("STATISTICS") => Action::Parameters { words: Vec::new() },
        "ADD" if item.eat("GENERATED") => Action::AddIdentity(column),
        _ => return None,
    };
    Some(action)
}

fn redefine(item: &mut Reader<'_>, is_change: bool) -> Option<Action> {
    item.eat("COLUMN");
    item.eat_if_exists();
    let old = item.clone().name()?;
    if is_change {
        // It names the column twice.
        item.name()?;
    }
    Some(Action::Redefine { old, column: Column::read(item)? })
}

fn rename(item: &mut Reader<'_>) -> Option<Action> {
    if item.eat("CONSTRAINT") {
        return Some(Action::RenameConstraint);
    }
    if item.is_mysql() && item.eat_any(&["INDEX", "KEY"]) {
        return Some(Action::RenameIndex);
    }
    if item.eat("TO") || (item.is_mysql() && (item.eat("AS") || item.eat_sign("="))) {
        return item.name().map(Action::RenameTo);
    }
    // MySQL renames columns with their word only, and needs none for the table.
    if !item.eat("COLUMN") && item.is_mysql() {
        return item.name().map(Action::RenameTo);
    }
    item.eat_if_exists();
    let from = item.name()?;
    item.eat("TO").then_some(())?;
    Some(Action::RenameColumn { from, to: item.name()? })
}

fn set(item: &mut Reader<'_>) -> Action {
    match item.ahead(0).as_str() {
        "LOGGED" | "UNLOGGED" => Action::SetPersistence,
        "TABLESPACE" | "ACCESS" => Action::Move,
        "WITHOUT" | "SCHEMA" => Action::Other,
        _ => {
            let inner = item.parentheses();
            Action::Parameters { words: inner.map(|inner| inner.words()).unwrap_or_default() }
        }
    }
}
