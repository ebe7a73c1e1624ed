//! What a statement does to the schema, read from its words.
//!
//! Knows the forms that lint rules and lock tables ask for, and nothing else: whatever is not
//! understood is [`What::Other`] or [`Action::Other`], about which nothing is claimed.

mod alter;
mod column;
mod constraint;
mod create;
mod name;
mod reader;
mod schema;
mod storage;
mod write;

pub(crate) use column::{Column, Default, Generated, Type};
pub(crate) use constraint::{Constraint, ConstraintKind};
pub(crate) use name::Name;
pub(crate) use schema::Schema;
pub(crate) use storage::Storage;

use crate::Engine;
use crate::split::significant;
use reader::Reader;

/// A statement by what it does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    CreateTable(CreateTable),
    AlterTable(AlterTable),
    CreateIndex(CreateIndex),
    DropIndex(DropIndex),
    /// Pairs of old and new name.
    RenameTables(Vec<(Name, Name)>),
    /// Any other object.
    Create(Created),
    Drop(Dropped),
    /// `ALTER TYPE`, `ALTER DOMAIN`, `ALTER SCHEMA` and so on.
    AlterOther(AlterOther),
    Truncate {
        tables: Vec<Name>,
        cascades: bool,
    },
    Write(Write),
    Maintain(Maintain),
    /// `LOCK TABLE`, with the tables.
    LockTables(Vec<Name>),
    Pragma {
        name: String,
        value: Option<String>,
    },
    Grant {
        is_blanket: bool,
    },
    Other,
}

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub(crate) struct CreateTable {
    pub(crate) name: Name,
    pub(crate) if_not_exists: bool,
    pub(crate) replaces: bool,
    pub(crate) is_temporary: bool,
    /// `AS SELECT` or `LIKE`: the columns stand elsewhere.
    pub(crate) is_copied: bool,
    pub(crate) partition_of: Option<Name>,
    pub(crate) columns: Vec<Column>,
    pub(crate) constraints: Vec<Constraint>,
    /// Secondary indexes that `MySQL` declares in the table, by name and columns.
    pub(crate) indexes: Vec<(Option<Name>, Vec<Name>)>,
    /// Columns of a `FULLTEXT` index.
    pub(crate) searched: Vec<Name>,
    /// The words behind the closing parenthesis, in capitals.
    pub(crate) options: Vec<String>,
}

/// `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlterTable {
    pub(crate) table: Name,
    pub(crate) actions: Vec<Action>,
    /// `ALGORITHM=…`
    pub(crate) algorithm: Option<String>,
    /// `LOCK=…`
    pub(crate) lock: Option<String>,
    /// `IF EXISTS` behind `TABLE`.
    pub(crate) if_exists: bool,
    /// `MariaDB`'s `ALTER IGNORE TABLE`.
    pub(crate) ignores: bool,
}

/// One change of an `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    AddColumn {
        column: Column,
        if_not_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
    },
    AlterType {
        column: Name,
        to: Type,
    },
    SetNotNull(Name),
    DropNotNull(Name),
    /// `SET DEFAULT` and `DROP DEFAULT`.
    ChangeDefault(Name),
    AddIdentity(Name),
    /// `MySQL`'s `MODIFY` and `CHANGE`: the whole definition again.
    Redefine {
        old: Name,
        column: Column,
    },
    RenameColumn {
        from: Name,
        to: Name,
    },
    /// Of another schema too: `SET SCHEMA`.
    RenameTo(Name),
    RenameConstraint,
    RenameIndex,
    AddConstraint(Constraint),
    /// `MySQL`'s `ADD INDEX`; `kind` is `FULLTEXT`, `SPATIAL`, `FUNCTIONAL` or empty.
    AddIndex {
        name: Option<Name>,
        columns: Vec<Name>,
        kind: String,
    },
    DropConstraint {
        name: Option<Name>,
        kind: Option<ConstraintKind>,
    },
    DropIndex(Name),
    Validate(Name),
    Attach(Name),
    Detach {
        partition: Name,
        concurrently: bool,
    },
    /// `DROP PARTITION` and `TRUNCATE PARTITION`: rows go.
    DropPartition,
    SetPersistence,
    /// `SET TABLESPACE` and `SET ACCESS METHOD`: the rows move.
    Move,
    Parameters {
        words: Vec<String>,
    },
    ReplicaIdentity(String),
    /// `ENABLE` and `DISABLE TRIGGER`.
    Triggers,
    Engine(String),
    ConvertCharset,
    DefaultCharset,
    /// `FORCE`, `ROW_FORMAT` and other options: a rebuild.
    Rebuild,
    /// `ROW_FORMAT=COMPRESSED` or `KEY_BLOCK_SIZE`, which is one as well.
    Compress,
    Storage(Storage),
    Other,
}

/// The kind of an index of words.
pub(crate) const FULLTEXT: &str = "FULLTEXT";
/// The kind of an index of what `MySQL` computes from a row.
pub(crate) const FUNCTIONAL: &str = "FUNCTIONAL";

/// `CREATE INDEX`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub(crate) struct CreateIndex {
    pub(crate) name: Option<Name>,
    pub(crate) table: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) is_unique: bool,
    pub(crate) concurrently: bool,
    pub(crate) if_not_exists: bool,
    /// `ON ONLY`: no partition is touched.
    pub(crate) only: bool,
    pub(crate) kind: String,
}

/// `DROP INDEX`; the table where the engine names it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DropIndex {
    pub(crate) names: Vec<Name>,
    pub(crate) table: Option<Name>,
    pub(crate) concurrently: bool,
    pub(crate) if_exists: bool,
}

/// What a new domain asks of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Nothing, or it is no domain.
    Nothing,
    NotNull,
    /// `CHECK`, perhaps beside `NOT NULL`.
    Check,
}

/// Any other object that is created.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Created {
    /// `VIEW`, `FUNCTION`, `TRIGGER`, `TYPE`, …
    pub(crate) kind: String,
    pub(crate) name: Option<Name>,
    /// The table of a trigger, rule or policy.
    pub(crate) table: Option<Name>,
    pub(crate) if_not_exists: bool,
    pub(crate) replaces: bool,
    pub(crate) asks: Asks,
}

/// Any object that is dropped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dropped {
    pub(crate) kind: String,
    pub(crate) names: Vec<Name>,
    pub(crate) table: Option<Name>,
    pub(crate) if_exists: bool,
    pub(crate) cascades: bool,
    pub(crate) is_temporary: bool,
}

/// `ALTER` of anything but a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlterOther {
    pub(crate) kind: String,
    pub(crate) name: Option<Name>,
    /// What follows the name, in capitals.
    pub(crate) words: Vec<String>,
}

impl AlterOther {
    /// The type that gets another name, and that.
    pub(crate) fn renamed_type(&self) -> Option<(Name, Name)> {
        let [rename, to, new] = self.words.as_slice() else { return None };
        let is_renamed = matches!(self.kind.as_str(), "TYPE" | "DOMAIN")
            && (rename.as_str(), to.as_str()) == ("RENAME", "TO");
        self.name.clone().filter(|_| is_renamed).map(|name| (name, Name::plain(new)))
    }
}

/// `INSERT`, `UPDATE`, `DELETE` and their like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Write {
    pub(crate) verb: String,
    pub(crate) table: Option<Name>,
    pub(crate) has_where: bool,
}

/// Work on the files of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Maintain {
    /// `CLUSTER`, `VACUUM`, `VACUUM FULL`, `REINDEX`, `REFRESH`, `ANALYZE`, `OPTIMIZE`.
    pub(crate) verb: String,
    pub(crate) object: Option<Name>,
    pub(crate) concurrently: bool,
}

/// Reads a statement.
pub(crate) fn read(engine: Engine, sql: &str) -> What {
    let tokens = significant(engine, sql);
    let mut reader = Reader::new(engine, sql, &tokens);
    understood(&mut reader).unwrap_or(What::Other)
}

fn understood(reader: &mut Reader<'_>) -> Option<What> {
    match reader.word().as_str() {
        "CREATE" => create::create(reader),
        "ALTER" => alter::alter(reader),
        "DROP" => write::drop(reader),
        "RENAME" => write::rename(reader),
        "TRUNCATE" => write::truncate(reader),
        "INSERT" | "REPLACE" => write::insert(reader),
        "UPDATE" => write::update(reader),
        "DELETE" => write::delete(reader),
        "WITH" => write::with(reader),
        verb @ ("CLUSTER" | "VACUUM" | "REINDEX" | "REFRESH" | "OPTIMIZE" | "ANALYZE") => {
            Some(write::maintain(reader, verb))
        }
        "LOCK" => write::lock(reader),
        "PRAGMA" => write::pragma(reader),
        "GRANT" => Some(write::grant(reader)),
        _ => None,
    }
}
