use super::online::Deferred;
use super::script::{statements, statements_back};
use crate::catalog::postgres::names::literal;
use crate::ddl::{Script, Statement, Style};
use crate::difference::{Difference, Renames};
use crate::model::{Enum, Name, Schema};

/// The scripts that a change takes: one, unless one transaction cannot hold it.
pub(super) fn scripts(difference: &Difference, back: &Difference, style: Style) -> Vec<Script> {
    let from = &back.to;
    if !style.online {
        return staged(difference, back);
    }
    let deferred = Deferred::of(difference);
    let before = &deferred.before;
    let base = Difference::between(from, before, &difference.renames);
    let base_back = Difference::between(before, from, &base.renames.inverted());
    let mut scripts = staged(&base, &base_back);
    scripts.extend(deferred.scripts);
    scripts
}

/// A value that is added to an enum cannot be used in the same transaction: what adds it goes before, and what
/// takes it away, so that the way back adds it, goes behind.
fn staged(difference: &Difference, back: &Difference) -> Vec<Script> {
    let (from, to) = (&back.to, &difference.to);
    let (up, down) = (statements(difference), statements_back(back));
    let added = used_at_once(difference, &up);
    let removed = used_at_once(back, &down);
    let mut scripts = Vec::new();
    let extended = with_enums(from, to, &added);
    let unreduced = with_enums(to, from, &removed);
    if !added.is_empty() {
        scripts.extend(script(
            from,
            &extended,
            &Renames::default(),
            Some(purpose("add_values_to", &added)),
        ));
    }
    if added.is_empty() && removed.is_empty() {
        let script = Script { purpose: None, no_transaction: false, up, down };
        scripts.extend((!script.up.is_empty() || !script.down.is_empty()).then_some(script));
    } else {
        scripts.extend(script(&extended, &unreduced, &difference.renames, None));
    }
    if !removed.is_empty() {
        let purpose = Some(purpose("remove_values_from", &removed));
        scripts.extend(script(&unreduced, to, &Renames::default(), purpose));
    }
    scripts
}

/// The script from one schema to another; `None` if nothing differs.
fn script(
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    purpose: Option<String>,
) -> Option<Script> {
    let difference = Difference::between(from, to, renames);
    let back = Difference::between(to, from, &difference.renames.inverted());
    let (up, down) = (statements(&difference), statements_back(&back));
    let is_empty = up.is_empty() && down.is_empty();
    (!is_empty).then_some(Script { purpose, no_transaction: false, up, down })
}

fn purpose(verb: &str, enums: &[&Name]) -> String {
    let names: Vec<&str> = enums.iter().map(|name| name.local.as_str()).collect();
    format!("{verb}_{}", names.join("_and_"))
}

/// A schema in which some enums are as another schema has them.
fn with_enums(schema: &Schema, other: &Schema, names: &[&Name]) -> Schema {
    let mut schema = schema.clone();
    for name in names {
        if let (Some(one), Some(values)) =
            (schema.enums.get_mut(*name), other.enums.get(*name).map(|one| &one.values))
        {
            one.values.clone_from(values);
        }
    }
    schema
}

/// The enums that gain a value which other statements use.
fn used_at_once<'a>(difference: &'a Difference, statements: &[Statement]) -> Vec<&'a Name> {
    let changed = difference.enums.changed.iter();
    let used = changed.filter(|(_, (old, new))| {
        super::disturbed::is_extended(old, new) && is_used(old, new, statements)
    });
    used.map(|(name, _)| name).collect()
}

fn is_used(old: &Enum, new: &Enum, statements: &[Statement]) -> bool {
    let added = new.values.iter().filter(|value| !old.values.contains(value));
    let literals: Vec<String> = added.map(|value| literal(value)).collect();
    let others = statements.iter().filter(|one| one.change != "add enum value");
    others.into_iter().any(|one| {
        // In an array's literal it stands without quotes of its own.
        literals.iter().any(|value| one.sql.contains(value.trim_matches(['E', '\''])))
    })
}
