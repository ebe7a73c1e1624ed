use super::{Scratch, Trial};
use std::collections::BTreeSet;

use crate::catalog::postgres::names::{qualified, quoted};
use crate::model::{Column, Index, IndexKey, Kind, Name, Schema, Table, Thing};

/// Settles what stands in tables that both schemas have.
pub(super) async fn settle(
    scratch: &mut Scratch<'_>,
    (from, to): (&mut Schema, &Schema),
    lost: &BTreeSet<Thing>,
) -> Result<(), sqlx::Error> {
    let types = Types { differing: differing(from, to) };
    for (name, old) in &mut from.tables {
        let Some(new) = to.tables.get(name) else { continue };
        if !types.are_same(old, new) {
            continue;
        }
        let mut pair = Pair { scratch, before: [bare(name, old), bare(name, new)], name, lost };
        pair.columns(old, new).await?;
        pair.constraints(old, new).await?;
        pair.indexes(old, new).await?;
    }
    Ok(())
}

/// The types that both schemas have and that are not the same, as they stand in SQL.
fn differing(from: &Schema, to: &Schema) -> BTreeSet<String> {
    let enums = from.enums.iter().filter(|(name, one)| to.enums.get(*name) != Some(one));
    let types = from.definitions.iter().filter(|(key, one)| {
        matches!(key.kind, Kind::Domain | Kind::CompositeType)
            && to.definitions.get(*key).map(|other| &other.create) != Some(&one.create)
    });
    let names = enums.map(|(name, _)| name).chain(types.map(|(key, _)| &key.name));
    names.map(qualified).collect()
}

/// What is known of types.
struct Types {
    differing: BTreeSet<String>,
}

impl Types {
    /// Whether the columns that two tables share have the same types: else what is said of them is another
    /// thing, whatever the words.
    fn are_same(&self, old: &Table, new: &Table) -> bool {
        let shared = old.columns.iter().filter_map(|one| Some((one, new.column(&one.name)?)));
        shared.into_iter().all(|(old, new)| {
            let element = old.data_type.trim_end_matches("[]");
            old.data_type == new.data_type && !self.differing.contains(element)
        })
    }
}

/// A temporary table of the name and columns of a real one, which then stands before it.
pub(super) fn bare(name: &Name, table: &Table) -> String {
    let columns = table.columns.iter().map(|column| {
        let collation = column.collation.as_deref().map(collate).unwrap_or_default();
        format!("{} {}{collation}", quoted(&column.name), column.data_type)
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!("CREATE TEMP TABLE {} ({columns})", quoted(&name.local))
}

fn collate(name: &str) -> String {
    format!(" COLLATE {}", crate::catalog::postgres::names::collation(name))
}

/// One table as both schemas have it.
struct Pair<'a, 'c, 'n> {
    scratch: &'a mut Scratch<'c>,
    /// How it is made bare, as it is and as it is to be.
    before: [String; 2],
    name: &'n Name,
    /// What stands on a routine that is not in the schema that is to be.
    lost: &'n BTreeSet<Thing>,
}

/// How a text is made on a table of a name, and how it is asked for.
type Way<'a> = (&'a (dyn Fn(&str) -> String + Sync), String);

impl Pair<'_, '_, '_> {
    /// Gives the old text the words of the new one if they mean the same.
    async fn adopt(
        &mut self,
        old: &mut String,
        new: &str,
        (made, asked): Way<'_>,
    ) -> Result<(), sqlx::Error> {
        if old == new {
            return Ok(());
        }
        let [first, second] = self.before.clone();
        let as_old = Trial { before: first, made, asked: asked.clone() };
        let as_new = Trial { before: second, made, asked };
        if self.scratch.are_same((old, &as_old), (new, &as_new)).await? {
            new.clone_into(old);
        }
        Ok(())
    }

    fn table(&self) -> String {
        format!("pg_temp.{}", quoted(&self.name.local))
    }

    fn is_lost(&self, constraint: Option<&str>) -> bool {
        let thing = constraint.map(|name| Thing::Constraint(self.name.clone(), name.to_owned()));
        thing.is_some_and(|thing| self.lost.contains(&thing))
    }

    async fn columns(&mut self, old: &mut Table, new: &Table) -> Result<(), sqlx::Error> {
        for column in &mut old.columns {
            let Some(wanted) = new.column(&column.name) else { continue };
            if self.lost.contains(&Thing::Default(self.name.clone(), column.name.clone())) {
                continue;
            }
            self.column(column, wanted).await?;
        }
        Ok(())
    }

    async fn column(&mut self, old: &mut Column, new: &Column) -> Result<(), sqlx::Error> {
        let (table, name) = (self.table(), quoted(&old.name));
        let asked = format!(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = '{table}'::regclass"
        );
        if let (Some(old), Some(new)) = (&mut old.default, &new.default) {
            let made = |text: &str| format!("ALTER TABLE {table} ALTER {name} SET DEFAULT {text}");
            self.adopt(old, new, (&made, escaped(&asked, &table))).await?;
        }
        let kind = old.data_type.clone();
        if let (Some(old), Some(new)) = (&mut old.generated, &new.generated) {
            let made = |text: &str| {
                format!(
                    "ALTER TABLE {table} ADD \"settled \" {kind} GENERATED ALWAYS AS ({text}) STORED"
                )
            };
            self.adopt(&mut old.expression, &new.expression, (&made, escaped(&asked, &table)))
                .await?;
        }
        Ok(())
    }

    async fn constraints(&mut self, old: &mut Table, new: &Table) -> Result<(), sqlx::Error> {
        let table = self.table();
        let asked = |what: &str| {
            let asked =
                format!("SELECT {what} FROM pg_constraint WHERE conrelid = '{table}'::regclass");
            escaped(&asked, &table)
        };
        for check in &mut old.checks {
            if self.is_lost(check.name.as_deref()) {
                continue;
            }
            let wanted = new.checks.iter().find(|one| one.name == check.name);
            let Some(wanted) = wanted else { continue };
            let made = |text: &str| format!("ALTER TABLE {table} ADD CHECK ({text})");
            let way: Way<'_> = (&made, asked("pg_get_expr(conbin, conrelid)"));
            self.adopt(&mut check.expression, &wanted.expression, way).await?;
        }
        for exclusion in &mut old.exclusions {
            if self.is_lost(Some(&exclusion.name)) {
                continue;
            }
            let wanted = new.exclusions.iter().find(|one| one.name == exclusion.name);
            let Some(wanted) = wanted else { continue };
            let made = |text: &str| format!("ALTER TABLE {table} ADD {text}");
            let way: Way<'_> = (&made, asked("pg_get_constraintdef(oid)"));
            self.adopt(&mut exclusion.definition, &wanted.definition, way).await?;
        }
        Ok(())
    }

    async fn indexes(&mut self, old: &mut Table, new: &Table) -> Result<(), sqlx::Error> {
        for index in &mut old.indexes {
            if self.lost.contains(&Thing::Index(self.name.clone(), index.name.clone())) {
                continue;
            }
            let wanted = new.indexes.iter().find(|one| one.name == index.name);
            if let Some(wanted) = wanted {
                self.index(index, wanted).await?;
            }
        }
        Ok(())
    }

    async fn index(&mut self, old: &mut Index, new: &Index) -> Result<(), sqlx::Error> {
        let (table, method) = (self.table(), old.method.clone());
        if let (Some(old), Some(new)) = (&mut old.predicate, &new.predicate) {
            let made = |text: &str| format!("CREATE INDEX settled ON {table} ((1)) WHERE {text}");
            let asked = "SELECT pg_get_expr(indpred, indrelid) FROM pg_index \
                         WHERE indexrelid = 'pg_temp.settled'::regclass";
            self.adopt(old, new, (&made, asked.to_owned())).await?;
        }
        for (old, new) in old.parts.iter_mut().zip(&new.parts) {
            let class = old.operator_class.clone().unwrap_or_default();
            if let (IndexKey::Expression(old), IndexKey::Expression(new)) = (&mut old.key, &new.key)
            {
                let made = |text: &str| {
                    format!("CREATE INDEX settled ON {table} USING {method} ({text} {class})")
                };
                let asked = "SELECT pg_get_indexdef('pg_temp.settled'::regclass, 1, false)";
                self.adopt(old, new, (&made, asked.to_owned())).await?;
            }
        }
        Ok(())
    }
}

/// A question with a table's name in a text of it.
fn escaped(question: &str, table: &str) -> String {
    question.replace(table, &table.replace('\'', "''"))
}
