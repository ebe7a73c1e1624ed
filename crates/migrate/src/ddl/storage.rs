use super::Action;
use super::reader::Reader;

/// What only `ALTER TABLE` of `MySQL` and `MariaDB` does: to options, partitions and files of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// Options that describe the table, or how rows are kept from now on.
    Describe,
    /// A switch of a column, an index or a check.
    Switch,
    /// `DISABLE KEYS`, of which `InnoDB` has none.
    Keys,
    /// `ALTER CHECK … ENFORCED`: the rows are checked.
    Enforce,
    OrderBy,
    /// `ENCRYPTION`
    Encrypt,
    /// `PARTITION BY` and `REMOVE PARTITIONING`
    Partition,
    /// `ADD PARTITION` of a range or a list.
    AddPartition,
    /// `COALESCE`, `REORGANIZE`, `REBUILD`, and `ADD PARTITION PARTITIONS 2`: rows go to other partitions.
    Reorganize,
    /// `ANALYZE`, `CHECK` and `REPAIR PARTITION`
    CheckPartition,
    /// `EXCHANGE PARTITION`, and `MariaDB`'s `CONVERT PARTITION` and `CONVERT TABLE`.
    Exchange,
    /// `ADD SYSTEM VERSIONING`
    KeepHistory,
    /// `DROP SYSTEM VERSIONING`: the old versions of rows go.
    DropHistory,
    /// `DISCARD TABLESPACE`: the rows go.
    Discard,
    /// `IMPORT TABLESPACE`
    Import,
}

/// What begins with a word that no other engine has; `None` where the word is not known.
pub(super) fn read(word: &str, item: &mut Reader<'_>) -> Option<Vec<Action>> {
    let partition = item.ahead(0) == "PARTITION";
    let storage = match word {
        "ORDER" => Storage::OrderBy,
        "PARTITION" if item.ahead(0) == "BY" => Storage::Partition,
        "REMOVE" => Storage::Partition,
        "COALESCE" | "REORGANIZE" | "REBUILD" | "OPTIMIZE" if partition => Storage::Reorganize,
        "ANALYZE" | "CHECK" | "REPAIR" if partition => Storage::CheckPartition,
        "EXCHANGE" => Storage::Exchange,
        "CONVERT" if partition || item.ahead(0) == "TABLE" => Storage::Exchange,
        "CONVERT" => return Some(vec![Action::ConvertCharset]),
        "DISCARD" => Storage::Discard,
        "IMPORT" => Storage::Import,
        "TRUNCATE" if partition => return Some(vec![Action::DropPartition]),
        "FORCE" => return Some(vec![Action::Rebuild]),
        "ENABLE" | "DISABLE" if item.eat("KEYS") => Storage::Keys,
        // They stand behind EXCHANGE PARTITION, or say how others do their work.
        "WITH" | "WITHOUT" if item.eat("VALIDATION") => return Some(Vec::new()),
        _ => return options(word, item),
    };
    Some(vec![Action::Storage(storage)])
}

/// What follows `ALTER [COLUMN] name`, `ALTER INDEX name` and so on.
pub(super) fn switch(item: &Reader<'_>) -> Option<Action> {
    let words = item.words();
    let last = words.last().map(String::as_str)?;
    let is_off = words.iter().any(|word| word == "NOT");
    let storage = match last {
        "VISIBLE" | "INVISIBLE" | "IGNORED" => Storage::Switch,
        "ENFORCED" if is_off => Storage::Switch,
        "ENFORCED" => Storage::Enforce,
        _ => return None,
    };
    Some(Action::Storage(storage))
}

/// `ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'x'`, of which one item may hold several.
fn options(first: &str, item: &mut Reader<'_>) -> Option<Vec<Action>> {
    let mut actions = vec![option(first, item)?];
    while !item.is_done() {
        let word = item.word();
        let Some(action) = option(&word, item) else {
            actions.push(Action::Other);
            break;
        };
        actions.push(action);
    }
    Some(actions)
}

/// An option with its value.
fn option(word: &str, item: &mut Reader<'_>) -> Option<Action> {
    let action = match word {
        "ENGINE" | "TYPE" => {
            item.eat_sign("=");
            return Some(Action::Engine(item.word()));
        }
        "CHARACTER" if item.eat("SET") => Action::DefaultCharset,
        "CHARSET" | "COLLATE" => Action::DefaultCharset,
        "DEFAULT" => {
            let word = item.word();
            return option(&word, item);
        }
        "ROW_FORMAT" => {
            item.eat_sign("=");
            let is_compressed = item.word() == "COMPRESSED";
            return Some(if is_compressed { Action::Compress } else { Action::Rebuild });
        }
        "KEY_BLOCK_SIZE" => Action::Compress,
        "TABLESPACE"
        | "ENCRYPTED"
        | "ENCRYPTION_KEY_ID"
        | "PAGE_COMPRESSED"
        | "PAGE_COMPRESSION_LEVEL" => Action::Rebuild,
        "ENCRYPTION" => Action::Storage(Storage::Encrypt),
        "AUTO_INCREMENT" | "AUTOEXTEND_SIZE" | "AVG_ROW_LENGTH" | "CHECKSUM" | "COMMENT"
        | "COMPRESSION" | "CONNECTION" | "DELAY_KEY_WRITE" | "INSERT_METHOD" | "MAX_ROWS"
        | "MIN_ROWS" | "PACK_KEYS" | "PAGE_CHECKSUM" | "PASSWORD" | "STATS_AUTO_RECALC"
        | "STATS_PERSISTENT" | "STATS_SAMPLE_PAGES" | "TRANSACTIONAL" => {
            Action::Storage(Storage::Describe)
        }
        _ => return None,
    };
    item.eat_sign("=");
    item.advance();
    Some(action)
}
