use std::collections::BTreeMap;

use serde::Serialize;

use super::SchemaObject;

/// An object that is not as the revisions make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// `missing`, `unexpected` or `changed`; `failed` where a statement that was to make it does not run.
    pub kind: &'static str,
    /// Kind and name of the object: `table users`; file, line and cause of a failed statement.
    pub object: String,
    /// The statement that the revisions amount to; of an unexpected object, what makes it.
    pub sql: String,
    /// The statement of a changed object as it is in the database.
    pub found: Option<String>,
}

/// The objects that differ, by kind and name.
pub(crate) fn compare(expected: &[SchemaObject], found: &[SchemaObject]) -> Vec<Drift> {
    let mut pairs: BTreeMap<(&str, &str), [Option<&str>; 2]> = BTreeMap::new();
    for (side, objects) in [expected, found].into_iter().enumerate() {
        for object in objects {
            let pair = pairs.entry((object.kind, &object.name)).or_default();
            if let Some(place) = pair.get_mut(side) {
                *place = Some(&object.sql);
            }
        }
    }
    pairs
        .into_iter()
        .filter_map(|((kind, name), pair)| {
            let (word, sql, found) = match pair {
                [Some(expected), None] => ("missing", expected, None),
                [None, Some(found)] => ("unexpected", found, None),
                [Some(expected), Some(found)] if expected != found => {
                    ("changed", expected, Some(found))
                }
                [Some(_), Some(_)] | [None, None] => return None,
            };
            let (object, sql) = (format!("{kind} {name}"), sql.to_owned());
            Some(Drift { kind: word, object, sql, found: found.map(str::to_owned) })
        })
        .collect()
}
