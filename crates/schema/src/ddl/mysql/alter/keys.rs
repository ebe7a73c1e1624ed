use super::super::clause::Clause;
use super::super::dependents::Dependents;
use super::super::early::Early;
use super::super::parts::{self, PRIMARY};
use super::super::table::is_of_column;
use super::super::text::name;
use super::{Changing, drop_check, drop_foreign_key};
use std::collections::BTreeMap;

use crate::model::{Check, Dialect, ForeignKey, Index, IndexKey, IndexPart, Table, Unique};

/// The clauses that drop foreign keys, checks and keys, and those that rename keys.
pub(super) fn dropped(
    changing: &Changing<'_>,
    dependents: &Dependents,
    early: &Early,
) -> Vec<Clause> {
    let difference = &changing.difference;
    let keys = difference.foreign_keys.outgoing().filter(|key| !early.has_key(changing.name, key));
    let keys = keys.filter_map(|key| key.name.as_deref());
    let mut clauses: Vec<Clause> = keys.map(drop_foreign_key).collect();
    let is_own = |check: &&Check| !is_of_column(changing.from, check.name.as_deref());
    let toggled = |check: &Check| toggled(changing, dependents).any(|(old, _)| old == check);
    let checks = difference.checks.outgoing().filter(is_own).filter(|check| !toggled(check));
    let checks = checks.chain(again(&changing.from.checks, &changing.to.checks, |check| {
        is_own(&check) && check.name.as_ref().is_some_and(|name| dependents.checks.contains(name))
    }));
    let checks = checks.filter_map(|check| check.name.as_deref());
    let checks = checks.filter(|check| !early.has_check(changing.name, check));
    clauses.extend(checks.map(|check| drop_check(changing.dialect(), changing.from, check)));
    let primary = difference.primary_key.iter().any(|(from, _)| from.is_some());
    if primary || dependents.keys.contains(PRIMARY) {
        clauses.push(drop_key(PRIMARY));
    }
    let uniques = difference.uniques.dropped.iter().chain(changed(&difference.uniques.changed));
    let uniques = uniques.filter_map(|unique| unique.name.as_deref());
    let hidden = unique_hidden_or_shown(changing, dependents);
    let is_remade = |key: &str| !hidden.contains_key(key);
    clauses.extend(uniques.filter(|key| is_remade(key)).map(drop_key));
    let indexes = difference.indexes.changed.iter();
    let indexes = indexes.filter(|pair| !is_hidden_or_shown(pair, dependents));
    let indexes = difference.indexes.dropped.iter().chain(indexes.map(|(old, _)| old));
    let indexes = indexes.filter(|index| is_remade(&index.name));
    clauses.extend(indexes.map(|index| drop_key(&index.name)));
    let replaced = replaced(changing, dependents);
    clauses.extend(replaced.iter().map(|(key, _)| drop_key(key)));
    let anew = renamed_anew(changing, dependents);
    clauses.extend(anew.iter().map(|(old, ..)| drop_key(old)));
    clauses.extend(renamed(changing, dependents));
    clauses
}

/// The clauses that add keys and checks.
pub(super) fn added(changing: &Changing<'_>, dependents: &Dependents) -> Vec<Clause> {
    let difference = &changing.difference;
    let (dialect, engine) = (changing.dialect(), changing.to.options.engine.as_deref());
    let mut clauses = Vec::new();
    let mut add = |part: &str, change, text: String| {
        clauses.push(Clause::of(part, change, format!("ADD {text}")));
    };
    let primary = difference.primary_key.as_ref().and_then(|(_, to)| to.as_ref());
    let again = changing.to.primary_key.as_ref().filter(|_| dependents.keys.contains(PRIMARY));
    if let Some(key) = primary.or(again) {
        add(PRIMARY, "add primary key", parts::primary_key(key));
    }
    let uniques = &difference.uniques;
    let hidden = unique_hidden_or_shown(changing, dependents);
    for unique in uniques.added.iter().chain(uniques.changed.iter().map(|(_, new)| new)) {
        if unique.name.as_deref().is_some_and(|key| hidden.contains_key(key)) {
            continue;
        }
        let own = unique.name.as_deref().unwrap_or_default();
        add(own, "add unique key", parts::unique(unique));
    }
    let indexes = &difference.indexes;
    let changed = indexes.changed.iter().filter(|pair| !is_hidden_or_shown(pair, dependents));
    for index in indexes.added.iter().chain(changed.map(|(_, new)| new)) {
        if hidden.contains_key(index.name.as_str()) {
            continue;
        }
        add(&index.name, "add index", parts::index(dialect, engine, index));
    }
    for (key, text) in replaced(changing, dependents) {
        add(&key, "add index", text);
    }
    for (_, key, text) in renamed_anew(changing, dependents) {
        add(key, "add index", text);
    }
    let toggled = indexes.changed.iter().filter(|pair| is_hidden_or_shown(pair, dependents));
    let toggled = toggled.map(|(_, index)| (index.name.as_str(), index.usable));
    for (key, usable) in toggled.chain(hidden) {
        let word = if usable { parts::usable(dialect) } else { parts::unusable(dialect) };
        let sql = format!("ALTER INDEX {} {word}", name(key));
        clauses.push(Clause::of(key, "change index", sql));
    }
    clauses.extend(checks(changing, dependents));
    clauses
}

fn checks(changing: &Changing<'_>, dependents: &Dependents) -> Vec<Clause> {
    let is_own = |check: &&Check| !is_of_column(changing.to, check.name.as_deref());
    let is_toggled = |check: &&Check| toggled(changing, dependents).any(|(_, new)| new == *check);
    let incoming = changing.difference.checks.incoming().filter(is_own);
    let incoming = incoming.filter(|check| !is_toggled(check));
    let again = again(&changing.to.checks, &changing.from.checks, |check| {
        is_own(&check) && check.name.as_ref().is_some_and(|name| dependents.checks.contains(name))
    });
    let add = |check: &Check| {
        let own = check.name.as_deref().unwrap_or_default();
        Clause::of(own, "add check", format!("ADD {}", parts::check(check)))
    };
    let toggle = |(_, check): (&Check, &Check)| {
        let own = check.name.as_deref().unwrap_or_default();
        let word = if check.enforced { "ENFORCED" } else { "NOT ENFORCED" };
        // The constraint of the standard; `MariaDB` enforces every check.
        let sql = format!("ALTER CONSTRAINT {} {word}", name(own));
        Clause::of(own, "change check", sql)
    };
    incoming.chain(again).map(add).chain(toggled(changing, dependents).map(toggle)).collect()
}

pub(super) fn added_foreign_key(key: &ForeignKey) -> Clause {
    let own = key.name.as_deref().unwrap_or_default();
    Clause::of(own, "add foreign key", format!("ADD {}", parts::foreign_key(key)))
}

fn drop_key(key: &str) -> Clause {
    if key == PRIMARY {
        return Clause::of(key, "drop primary key", "DROP PRIMARY KEY".to_owned());
    }
    Clause::of(key, "drop index", format!("DROP KEY {}", name(key)))
}

fn changed<T>(pairs: &[(T, T)]) -> impl Iterator<Item = &T> {
    pairs.iter().map(|(old, _)| old)
}

/// What is on both sides and is to be dropped and added again.
fn again<'a, T: PartialEq>(
    these: &'a [T],
    others: &'a [T],
    is_hit: impl Fn(&T) -> bool,
) -> impl Iterator<Item = &'a T> {
    these.iter().filter(move |one| others.contains(one) && is_hit(one))
}

/// Keys that stay as they are and have to be made again: those that stand in the way, and those that the
/// server would drop because a new key begins with the same columns. It does so with keys that it made itself
/// for a foreign key; whether it did is not told.
fn replaced(changing: &Changing<'_>, dependents: &Dependents) -> Vec<(String, String)> {
    let engine = changing.to.options.engine.as_deref();
    let indexes = again(&changing.to.indexes, &changing.from.indexes, |index| {
        dependents.keys.contains(&index.name) || may_vanish(changing, index)
    });
    let indexes =
        indexes.map(|index| (index.name.clone(), parts::index(changing.dialect(), engine, index)));
    let uniques = again(&changing.to.uniques, &changing.from.uniques, |unique| {
        unique.name.as_ref().is_some_and(|name| dependents.keys.contains(name))
    });
    let uniques =
        uniques.map(|unique| (unique.name.clone().unwrap_or_default(), parts::unique(unique)));
    indexes.chain(uniques).collect()
}

/// Whether an index may be dropped by the server: it may have made it for a foreign key, and now there comes
/// another that serves, or another foreign key for which it would make one of another name. Once the foreign
/// key is gone, any that comes later would do that.
fn may_vanish(changing: &Changing<'_>, index: &Index) -> bool {
    let difference = &changing.difference;
    if difference.foreign_keys.outgoing().any(|key| may_be_made_for(index, key)) {
        return true;
    }
    let mut keys = changing.from.foreign_keys.iter();
    if !keys.any(|key| may_be_made_for(index, key)) {
        return false;
    }
    let comes_otherwise =
        |key: &ForeignKey| is_over(index, key) && key.name.as_deref() != Some(&index.name);
    if difference.foreign_keys.incoming().any(comes_otherwise) {
        return true;
    }
    let columns: Vec<&str> = index.parts.iter().filter_map(|part| part.whole_column()).collect();
    let begins = |others: &mut dyn Iterator<Item = &str>| {
        columns.iter().all(|column| others.next() == Some(column))
    };
    let mut indexes = difference
        .indexes
        .incoming()
        .map(|one| begins(&mut one.parts.iter().map_while(|part| part.whole_column())));
    let mut uniques = difference
        .uniques
        .incoming()
        .map(|one| begins(&mut one.columns.iter().map(String::as_str)));
    let mut primary = difference.primary_key.iter().filter_map(|(_, to)| to.as_ref());
    indexes.any(|is_covered| is_covered)
        || uniques.any(|is_covered| is_covered)
        || primary.any(|key| begins(&mut key.columns.iter().map(String::as_str)))
}

/// Whether the server may have made an index for a foreign key: it has the key's name or, where nobody gave the key
/// one, that of the first column, with a number where that was taken (`make_unique_key_name` in `MySQL`'s
/// `sql_table.cc`). The column may have had another name then. An index that is renamed is not the server's any more.
pub(super) fn may_be_made_for(index: &Index, key: &ForeignKey) -> bool {
    if index.unique || index.method != "btree" || !is_over(index, key) {
        return false;
    }
    let number = |text: &str| text.parse::<u32>().is_ok();
    let own = key.name.as_deref().unwrap_or_default();
    let is_nameless =
        number(own) || own.rsplit_once("_ibfk_").is_some_and(|(_, behind)| number(behind));
    let first = key.columns.first().map(String::as_str).unwrap_or_default();
    let stem = index.name.rsplit_once('_').filter(|(_, behind)| number(behind));
    let is_columns = index.name == first || stem.is_some_and(|(stem, _)| first.starts_with(stem));
    is_nameless || is_columns || own == index.name
}

/// Whether an index is over a foreign key's columns, and no others.
fn is_over(index: &Index, key: &ForeignKey) -> bool {
    let columns: Option<Vec<&str>> = index.parts.iter().map(|part| part.whole_column()).collect();
    columns.is_some_and(|columns| key.columns.iter().map(String::as_str).eq(columns))
}

/// The clauses that make an index anew.
pub(super) fn made_anew(dialect: Dialect, table: &Table, index: &Index) -> [Clause; 2] {
    let text = parts::index(dialect, table.options.engine.as_deref(), index);
    let add = Clause::of(&index.name, "add index", format!("ADD {text}"));
    [drop_key(&index.name), add]
}

/// Keys of both kinds that get another name.
fn renames<'a>(changing: &'a Changing<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let indexes = changing.difference.indexes.renamed.iter();
    let indexes = indexes.map(|(old, new)| (old.name.as_str(), new.name.as_str()));
    let uniques = changing.difference.uniques.renamed.iter();
    let uniques =
        uniques.filter_map(|(old, new)| Some((old.name.as_deref()?, new.name.as_deref()?)));
    indexes.chain(uniques)
}

fn renamed(changing: &Changing<'_>, dependents: &Dependents) -> Vec<Clause> {
    let rename = |(old, new): (&str, &str)| {
        let sql = format!("RENAME KEY {} TO {}", name(old), name(new));
        Clause::of(new, "rename index", sql)
    };
    renames(changing).filter(|(old, _)| !dependents.keys.contains(*old)).map(rename).collect()
}

/// Keys that get another name and are made anew, since something that they are over is: the old name, the new one
/// and the text.
fn renamed_anew<'a>(
    changing: &'a Changing<'_>,
    dependents: &Dependents,
) -> Vec<(&'a str, &'a str, String)> {
    let (dialect, engine) = (changing.dialect(), changing.to.options.engine.as_deref());
    let text = |key: &str| {
        let index = changing.to.indexes.iter().find(|index| index.name == key);
        let unique = || changing.to.uniques.iter().find(|one| one.name.as_deref() == Some(key));
        let index = index.map(|index| parts::index(dialect, engine, index));
        index.or_else(|| unique().map(parts::unique))
    };
    let anew = renames(changing).filter(|(old, _)| dependents.keys.contains(*old));
    anew.filter_map(|(old, new)| Some((old, new, text(new)?))).collect()
}

/// Whether an index changes in nothing but that the planner may use it, and nothing that it is over is made anew.
fn is_hidden_or_shown((old, new): &(Index, Index), dependents: &Dependents) -> bool {
    let is_same = || Index { usable: new.usable, ..old.clone() } == *new;
    old.usable != new.usable && !dependents.keys.contains(&new.name) && is_same()
}

/// The unique keys over whole columns that change in nothing but that, and whether the planner may use them
/// from now on: only those that it may use are constraints of the model.
fn unique_hidden_or_shown<'a>(
    changing: &'a Changing<'_>,
    dependents: &Dependents,
) -> BTreeMap<&'a str, bool> {
    let (uniques, indexes) = (&changing.difference.uniques, &changing.difference.indexes);
    let is_same = |index: &Index, unique: &Unique| {
        let plain = Index {
            unique: true,
            parts: unique
                .columns
                .iter()
                .cloned()
                .map(IndexKey::Column)
                .map(IndexPart::of)
                .collect(),
            usable: false,
            ..Index::new(unique.name.as_deref().unwrap_or_default(), index.method.as_str())
        };
        *index == plain
    };
    let pairs = |indexes: &'a [Index], uniques: &'a [Unique], usable: bool| {
        let of = move |index: &&Index| uniques.iter().any(|unique| is_same(index, unique));
        indexes.iter().filter(of).map(move |index| (index.name.as_str(), usable))
    };
    let shown = pairs(&indexes.dropped, &uniques.added, true);
    let all = shown.chain(pairs(&indexes.added, &uniques.dropped, false));
    all.filter(|(key, _)| !dependents.keys.contains(*key)).collect()
}

/// Checks that change in nothing but that they are enforced, and stand in no way.
fn toggled<'a>(
    changing: &'a Changing<'_>,
    dependents: &'a Dependents,
) -> impl Iterator<Item = (&'a Check, &'a Check)> {
    let changed = changing.difference.checks.changed.iter().map(|(old, new)| (old, new));
    changed.filter(|(old, new)| {
        let is_in_the_way = old.name.as_ref().is_some_and(|name| dependents.checks.contains(name));
        changing.dialect() == Dialect::MySql
            && !is_in_the_way
            && old.enforced != new.enforced
            && old.expression == new.expression
    })
}
