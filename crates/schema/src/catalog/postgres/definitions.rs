use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::name;
use crate::model::{Definition, Dependencies, Kind, Name, Reference, Table, Thing, Written};

/// All of one form: kind, name, owner, the statements that make it, and the one that drops it.
const QUESTIONS: [&str; 9] = [
    include_str!("definitions/extensions.sql"),
    include_str!("definitions/collations.sql"),
    include_str!("definitions/domains.sql"),
    include_str!("definitions/composites.sql"),
    include_str!("definitions/functions.sql"),
    include_str!("definitions/views.sql"),
    include_str!("definitions/triggers.sql"),
    include_str!("definitions/rules.sql"),
    include_str!("definitions/comments.sql"),
];

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
    tables: &BTreeMap<Name, Table>,
    dependencies: &Dependencies,
) -> Result<BTreeMap<Reference, Definition>, sqlx::Error> {
    let mut definitions = BTreeMap::new();
    for question in QUESTIONS {
        let rows = sqlx::query(question).bind(current).fetch_all(&mut *connection).await?;
        for row in rows {
            definitions.extend(definition(&row)?);
        }
    }
    // What belongs to a table that is not looked at is not either.
    let views: BTreeSet<Name> = definitions
        .keys()
        .filter(|key: &&Reference| key.kind == Kind::View)
        .map(|key| key.name.clone())
        .collect();
    definitions.retain(|_, definition: &mut Definition| {
        let owner = definition.owner.as_ref();
        owner.is_none_or(|owner| tables.contains_key(owner) || views.contains(owner))
    });
    for (dependent, on) in &dependencies.0 {
        let Thing::Object(dependent) = dependent else { continue };
        let on = on.object();
        if *dependent != on
            && let Some(definition) = definitions.get_mut(dependent)
        {
            definition.needs.insert(on);
        }
    }
    Ok(definitions)
}

fn definition(row: &PgRow) -> Result<Option<(Reference, Definition)>, sqlx::Error> {
    let Some(kind) = kind(row.try_get("kind")?) else { return Ok(None) };
    let owner: Option<String> = row.try_get("owner_name")?;
    let schema: Option<String> = row.try_get("owner_schema")?;
    let definition = Definition {
        create: row.try_get("statements")?,
        drop: row.try_get("drop_statement")?,
        owner: owner.map(|local| Name { schema, local }),
        needs: BTreeSet::new(),
        written: Written::default(),
    };
    Ok(Some((Reference::to(kind, name(row, "schema_name", "local_name")?), definition)))
}

/// The kind that the questions name by its words.
pub(super) fn kind(words: &str) -> Option<Kind> {
    const ALL: [Kind; 16] = [
        Kind::Schema,
        Kind::Extension,
        Kind::Collation,
        Kind::Enum,
        Kind::CompositeType,
        Kind::Domain,
        Kind::Sequence,
        Kind::Function,
        Kind::Procedure,
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::Rule,
        Kind::Trigger,
        Kind::Comment,
        Kind::Kept,
    ];
    ALL.into_iter().find(|kind| kind.words() == words)
}
