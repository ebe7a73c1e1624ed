//! Owners and grants of what is made anew: they are not managed, and may be others in each database. What runs
//! there remembers them, and gives them back.

use super::kept::is_rights;
use super::script::Script;
use crate::catalog::postgres::names::{literal, qualified};
use crate::model::{Definition, Kind, Name, Reference};

/// The query that remembers them for the session: what is printed may be run statement by statement.
const REMEMBER: &str = include_str!("rights.sql");

const GIVE_BACK: &str = "\
-- gives back the owners and grants that were kept above
DO $$BEGIN
    EXECUTE nullif(current_setting('migrate.kept'), '');
    PERFORM set_config('migrate.kept', '', false);
END$$";

impl Script<'_> {
    /// Remembers owners and grants of what is made anew.
    pub(super) fn remember_rights(&mut self) {
        let objects = self.made_anew();
        let Some((first, _)) = objects.first() else { return };
        let (kind, name) = (first.kind, first.name.clone());
        let lines: Vec<&str> = objects.iter().map(|(_, line)| line.as_str()).collect();
        let sql = REMEMBER.trim_end().replace("{objects}", &lines.join(",\n    "));
        self.say("keep rights", kind, name, sql);
    }

    /// Gives them back once all is as it is to be.
    pub(super) fn grant_again(&mut self) {
        if let Some((first, _)) = self.made_anew().first() {
            self.say("give rights back", first.kind, first.name.clone(), GIVE_BACK.to_owned());
        }
    }

    /// What goes and comes again under its name, each as a line of the query.
    fn made_anew(&self) -> Vec<(Reference, String)> {
        let (from, to) = (&self.sides.difference.from, &self.sides.difference.to);
        let anew = self.disturbed.definitions.iter().filter(|key| self.comes_again(key));
        let definitions = anew
            .filter_map(|key| Some((key.clone(), of_definition(key, from.definitions.get(key)?)?)));
        let is_wanted = |key: &&Reference| {
            to.definitions.contains_key(*key) || to.enums.contains_key(&key.name)
        };
        let types = self.disturbed.types.iter().filter(is_wanted);
        let types =
            types.map(|key| (key.clone(), line("T", "regtype", "TYPE", &qualified(&key.name))));
        let tables =
            self.sides.difference.tables.dropped.keys().filter(|name| is_relation(to, name));
        let tables = tables.map(|name| {
            let line = line("r", "regclass", "TABLE", &qualified(name));
            (Reference::to(Kind::Table, name.clone()), line)
        });
        definitions.chain(types).chain(tables).collect()
    }

    /// Whether what is dropped is made again; a view may come as another kind of relation.
    fn comes_again(&self, key: &Reference) -> bool {
        let to = &self.sides.difference.to;
        let is_view = matches!(key.kind, Kind::View | Kind::MaterializedView);
        to.definitions.contains_key(key) || is_view && is_relation(to, &key.name)
    }

    /// Whether something kept is remembered by the statements themselves.
    pub(super) fn remembers(&self, key: &Reference) -> bool {
        is_rights(key) && self.sides.difference.from.definitions.contains_key(key)
    }
}

fn is_relation(schema: &crate::model::Schema, name: &Name) -> bool {
    let has = |kind| schema.definitions.contains_key(&Reference::to(kind, name.clone()));
    schema.tables.contains_key(name) || has(Kind::View) || has(Kind::MaterializedView)
}

fn of_definition(key: &Reference, definition: &Definition) -> Option<String> {
    match key.kind {
        Kind::View | Kind::MaterializedView => {
            Some(line("r", "regclass", "TABLE", &qualified(&key.name)))
        }
        Kind::Function => {
            let name = definition.drop.strip_prefix("DROP FUNCTION ")?;
            Some(line("f", "regprocedure", "FUNCTION", name))
        }
        Kind::Procedure => {
            let name = definition.drop.strip_prefix("DROP PROCEDURE ")?;
            Some(line("f", "regprocedure", "PROCEDURE", name))
        }
        _ => None,
    }
}

fn line(kind: &str, of: &str, words: &str, name: &str) -> String {
    let object = literal(&format!("{words} {name}"));
    format!("('{kind}', {}::{of}::oid, {object})", literal(name))
}
