use std::collections::BTreeSet;

use super::ground::on_other_ground;
use super::tables::bare;
use super::{Scratch, Trial};
use crate::catalog::postgres::names::{literal, qualified, quoted};
use crate::model::{Definition, Kind, Reference, Schema, Thing};

/// Settles the statements of what both schemas have.
pub(super) async fn settle(
    scratch: &mut Scratch<'_>,
    (from, to): (&mut Schema, &Schema),
    lost: &BTreeSet<Thing>,
) -> Result<(), sqlx::Error> {
    let elsewhere = on_other_ground(from, to);
    let (tables, definitions) = (&from.tables, &mut from.definitions);
    for (key, old) in definitions {
        if elsewhere.contains(key) || lost.contains(&Thing::Object(key.clone())) {
            continue;
        }
        let Some(new) = to.definitions.get(key) else { continue };
        let (Some(before), Some(after)) = (old.create.first_mut(), new.create.first()) else {
            continue;
        };
        if before == after {
            continue;
        }
        let owners = old.owner.as_ref().and_then(|owner| {
            Some([bare(owner, tables.get(owner)?), bare(owner, to.tables.get(owner)?)])
        });
        if is_same(scratch, key, (before, after), new, owners).await? {
            before.clone_from(after);
        }
    }
    Ok(())
}

/// Whether the body of a routine is one that the server reads when it is made, and prints.
fn has_parsed_body(routine: &str) -> bool {
    let has_text = routine.contains("\nAS ");
    !has_text && ["\nBEGIN ATOMIC", "\nRETURN "].iter().any(|word| routine.contains(word))
}

/// Whether two statements make the same.
async fn is_same(
    scratch: &mut Scratch<'_>,
    key: &Reference,
    (old, new): (&str, &str),
    definition: &Definition,
    owners: Option<[String; 2]>,
) -> Result<bool, sqlx::Error> {
    let name = qualified(&key.name);
    match key.kind {
        Kind::View | Kind::MaterializedView => {
            let parts = (old.split_once(" AS\n"), new.split_once(" AS\n"));
            let (Some((head, old)), Some((other_head, new))) = parts else { return Ok(false) };
            let made = |text: &str| format!("CREATE TEMP VIEW \"settled \" AS\n{text}");
            let asked = "SELECT rtrim(pg_get_viewdef('pg_temp.\"settled \"'::regclass), ';')";
            let trial = Trial { before: String::new(), made: &made, asked: asked.to_owned() };
            Ok(head == other_head && scratch.are_same((old, &trial), (new, &trial)).await?)
        }
        Kind::Domain => {
            let head = format!("CREATE DOMAIN {name} AS ");
            let parts = (old.strip_prefix(&head), new.strip_prefix(&head));
            let (Some(old), Some(new)) = parts else { return Ok(false) };
            let made = |text: &str| format!("CREATE DOMAIN pg_temp.settled AS {text}");
            let asked = include_str!("domain.sql").to_owned();
            let trial = Trial { before: String::new(), made: &made, asked };
            scratch.are_same((old, &trial), (new, &trial)).await
        }
        // A body that is a text is kept as it was written.
        Kind::Function | Kind::Procedure => {
            let (name, _) = key.name.local.split_once('(').unwrap_or_default();
            let word = key.kind.words();
            let head = format!(
                "CREATE OR REPLACE {} {}(",
                word.to_uppercase(),
                qualified(&key.name.sibling(name))
            );
            let parts = (old.strip_prefix(&head), new.strip_prefix(&head));
            let (Some(old), Some(new)) = parts else { return Ok(false) };
            if ![old, new].into_iter().all(has_parsed_body) {
                return Ok(false);
            }
            // Its parameters may be said with its name before them.
            let made = |text: &str| format!("CREATE {word} pg_temp.{}({text}", quoted(name));
            let asked = format!(
                "SELECT substr(definition, strpos(definition, head) + length(head)) FROM pg_proc \
                 CROSS JOIN rtrim(pg_get_functiondef(oid), E'\\n') AS definition \
                 CROSS JOIN format('.%I(', proname) AS head \
                 WHERE pronamespace = pg_my_temp_schema() AND proname = {}",
                literal(name)
            );
            let trial = Trial { before: String::new(), made: &made, asked };
            scratch.are_same((old, &trial), (new, &trial)).await
        }
        Kind::Trigger | Kind::Rule => {
            let (Some([first, second]), Some(owner)) = (owners, &definition.owner) else {
                return Ok(false);
            };
            let (catalog, print) = match key.kind {
                Kind::Rule => {
                    ("pg_rewrite WHERE ev_class", "rtrim(pg_get_ruledef(oid, true), ';')")
                }
                _ => (
                    "pg_trigger WHERE NOT tgisinternal AND tgrelid",
                    "pg_get_triggerdef(oid, true)",
                ),
            };
            let table = literal(&format!("pg_temp.{}", quoted(&owner.local)));
            let asked = format!("SELECT {print} FROM {catalog} = {table}::regclass");
            let made = |text: &str| text.to_owned();
            let as_old = Trial { before: first, made: &made, asked: asked.clone() };
            let as_new = Trial { before: second, made: &made, asked };
            // Only a name without its schema is that of the temporary table.
            let is_local = owner.schema.is_none();
            Ok(is_local && scratch.are_same((old, &as_old), (new, &as_new)).await?)
        }
        _ => Ok(false),
    }
}
