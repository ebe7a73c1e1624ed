//! Rows that refer to none: there may be some before, and no more of them afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::CHECKED;
use super::plan::{Plan, both};
use crate::catalog::sqlite::literal;
use crate::model::{ForeignKey, IndexPart, Name, Schema, Table};

/// What tells one foreign key from another, of a row that `PRAGMA foreign_key_check` finds.
const REFERENCE: &str = "lower(orphan.\"table\" || ' (' || (SELECT group_concat(\"from\", ', ') \
    FROM pragma_foreign_key_list(orphan.\"table\") WHERE id = orphan.fkid) || ') ' || orphan.parent)";

/// How many rows refer to none by each foreign key that stays, of the tables whose references the rebuilds touch: the
/// question before, if there are such keys, and that afterwards, whether there are more by any.
pub(super) fn questions(plan: &Plan<'_>) -> Option<(Option<String>, String)> {
    let difference = plan.difference;
    let touched = both(difference).into_iter().filter(|name| {
        let Some(table) = difference.to.tables.get(*name) else { return false };
        let refers = table.foreign_keys.iter().any(|key| {
            plan.is_rebuilt(name) || plan.is_rebuilt(&Name::local(&*key.referenced_table))
        });
        refers && is_checkable(&difference.to, table)
    });
    let touched: BTreeSet<&Name> = touched.collect();
    if touched.is_empty() {
        return None;
    }
    let orphans = |names: &mut dyn Iterator<Item = &Name>| {
        let names: Vec<String> = names.map(|name| format!("({})", literal(&name.local))).collect();
        let names = names.join(", ");
        format!(
            "FROM (VALUES {names}) AS checked,\n     pragma_foreign_key_check(checked.column1) AS orphan"
        )
    };
    // The question before is asked before tables are renamed.
    let former = difference.renames.inverted();
    let kept = kept(plan, &touched);
    let before = (!kept.is_empty()).then(|| {
        let pairs: Vec<String> = kept
            .values()
            .flatten()
            .map(|(before, now)| format!("({}, {})", literal(before), literal(now)))
            .collect();
        format!(
            "INSERT INTO {CHECKED} (reference, dangling)\n\
             SELECT (SELECT column2 FROM (VALUES {})\n        WHERE column1 = {REFERENCE}),\n       count(*)\n\
             {}\nGROUP BY 1",
            pairs.join(", "),
            orphans(&mut kept.keys().map(|name| former.table(name)))
        )
    });
    let after = format!(
        "INSERT OR ROLLBACK INTO {CHECKED} (is_sound)\n\
         SELECT now.dangling <= coalesce(before.dangling, 0)\n\
         FROM (\nSELECT {REFERENCE} AS reference, count(*) AS dangling\n{}\nGROUP BY 1\n) AS now \
         LEFT JOIN {CHECKED} AS before ON before.reference = now.reference",
        orphans(&mut touched.iter().copied())
    );
    Some((before, after))
}

/// The foreign keys that were there before: what tells them then, and now.
fn kept<'a>(
    plan: &Plan<'_>,
    touched: &BTreeSet<&'a Name>,
) -> BTreeMap<&'a Name, BTreeSet<(String, String)>> {
    let difference = plan.difference;
    let former = difference.renames.inverted();
    let mut kept = BTreeMap::new();
    for name in touched {
        let Some(before) = difference.from.tables.get(*name) else { continue };
        let Some(now) = difference.to.tables.get(*name) else { continue };
        if !is_checkable(&difference.from, before) {
            continue;
        }
        let columns_then = former.of_table(former.table(name));
        let stay = now.foreign_keys.iter().filter(|key| {
            before.foreign_keys.iter().any(|other| {
                other.columns == key.columns
                    && other.referenced_table == key.referenced_table
                    && other.referenced_columns == key.referenced_columns
            })
        });
        let pairs: BTreeSet<(String, String)> = stay
            .map(|key| {
                let columns = key.columns.iter();
                let columns = columns.map(|column| {
                    columns_then.get(column.as_str()).copied().unwrap_or(column).to_owned()
                });
                let parent = Name::local(&*key.referenced_table);
                let then = reference(
                    former.table(name),
                    &columns.collect::<Vec<_>>(),
                    former.table(&parent),
                );
                (then, reference(name, &key.columns, &parent))
            })
            .collect();
        if !pairs.is_empty() {
            kept.insert(*name, pairs);
        }
    }
    kept
}

/// As [`REFERENCE`] says it.
fn reference(table: &Name, columns: &[String], parent: &Name) -> String {
    let told = format!("{} ({}) {}", table.local, columns.join(", "), parent.local);
    told.to_ascii_lowercase()
}

/// Whether every foreign key of the table refers to columns that some key covers; else `SQLite` checks
/// nothing and fails: <https://www.sqlite.org/foreignkeys.html#fk_indexes>
fn is_checkable(schema: &Schema, table: &Table) -> bool {
    table.foreign_keys.iter().all(|key| {
        let parent = schema.table(&key.referenced_table);
        parent.is_some_and(|parent| is_covered(parent, key))
    })
}

/// Whether a key of the parent has these columns, in any order, and compares them as they compare.
fn is_covered(parent: &Table, key: &ForeignKey) -> bool {
    let is_same = |columns: &[&str]| {
        let wanted: BTreeSet<&str> = key.referenced_columns.iter().map(String::as_str).collect();
        columns.len() == key.columns.len()
            && columns.iter().copied().collect::<BTreeSet<_>>() == wanted
    };
    let is_plain = |word: &str| {
        let details = parent.options.parameters.get(word);
        details.is_none_or(|details| !details.contains(" COLLATE "))
    };
    let names =
        |columns: &[String]| is_same(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    let primary = parent.primary_key.as_ref();
    let mut uniques = parent.uniques.iter();
    let indexes = parent.indexes.iter().filter(|one| one.unique && one.predicate.is_none());
    let mut indexes = indexes.filter_map(|index| {
        let plain = |part: &'_ IndexPart| part.collation.is_none();
        let is_plain = index.parts.iter().all(plain);
        is_plain.then(|| index.parts.iter().map(IndexPart::column).collect::<Option<Vec<_>>>())?
    });
    primary.is_some_and(|primary| names(&primary.columns) && is_plain("PRIMARY KEY"))
        || uniques.any(|unique| {
            let word = format!("UNIQUE ({})", unique.columns.join(", "));
            names(&unique.columns) && is_plain(&word)
        })
        || indexes.any(|columns| is_same(&columns))
}
