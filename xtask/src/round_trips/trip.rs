use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::command::capture;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};

/// From a database that others made to one that a generated revision makes.
pub(crate) struct Trip<'a> {
    pub(crate) engine: Engine,
    pub(crate) migrate: &'a Path,
    /// Where the project is written.
    pub(crate) folder: &'a Path,
}

impl Trip<'_> {
    /// How many tables made it; `made` is empty before.
    pub(crate) fn take(&self, public: &str, made: &str) -> Result<usize, Failure> {
        let project = self.folder.join("project");
        let folder = project.join(self.engine.folder());
        std::fs::create_dir_all(&folder).doing("making a project")?;
        let schema = self.migrate(public, &["schema"])?;
        std::fs::write(folder.join("schema.sql"), schema).doing("writing schema.sql")?;
        let project = project.display().to_string();
        let in_project =
            |words: &[&str]| self.migrate(made, &[words, &["--dir", &project]].concat());
        // Proves that up makes the schema, down takes all of it away, and nothing is left to generate.
        in_project(&["revision", "--autogenerate", "-m", "the whole schema"])?;
        in_project(&["upgrade", "head"])?;
        in_project(&["check"])?;
        in_project(&["check", "--desired-url", public])?;
        self.compare(&self.objects(public)?, &self.objects(made)?)
    }

    /// The two databases as their servers print them; the tables' count.
    fn compare(&self, public: &[Object], made: &[Object]) -> Result<usize, Failure> {
        let differing = public.iter().find(|object| !made.contains(object));
        let differing = differing.or_else(|| made.iter().find(|object| !public.contains(object)));
        if let Some(Object { kind, name, .. }) = differing {
            let engine = self.engine;
            let found = format!("{engine} prints the {kind} {name} in one way and in another");
            return Err(Failure::new(found));
        }
        Ok(public.iter().filter(|object| object.kind == "table").count())
    }

    fn objects(&self, url: &str) -> Result<Vec<Object>, Failure> {
        let printed = self.migrate(url, &["schema", "--output", "json"])?;
        let printed: Value = serde_json::from_str(&printed).doing("reading the schema as JSON")?;
        let objects = printed.get("objects").and_then(Value::as_array);
        objects.into_iter().flatten().map(Object::parse).collect::<Option<_>>().ok_or_else(|| {
            Failure::new("an object of the schema lacks its kind, its name or its SQL")
        })
    }

    fn migrate(&self, url: &str, arguments: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(self.migrate);
        // Nothing of the caller's, and nobody's migrate.toml.
        command.env_remove("SCRATCH_DATABASE_URL").current_dir(self.folder);
        capture(command.args(arguments).env("DATABASE_URL", url))
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Object {
    kind: String,
    name: String,
    /// The statement's lines, sorted and without the commas between them: `MySQL` lists the keys of a
    /// table in the order in which they were made, which means nothing.
    lines: Vec<String>,
}

impl Object {
    fn parse(object: &Value) -> Option<Self> {
        let text = |field| object.get(field).and_then(Value::as_str);
        let sql = without_defaults(text("sql")?);
        let lines = sql.lines().map(|line| line.trim_end_matches(',').to_owned());
        let mut lines: Vec<String> = lines.collect();
        lines.sort_unstable();
        Some(Self { kind: text("kind")?.to_owned(), name: text("name")?.to_owned(), lines })
    }
}

/// Without what `InnoDB` does in any case, and prints where it was said.
fn without_defaults(sql: &str) -> String {
    let sql = sql.replace(" ON DELETE NO ACTION", "").replace(" ON UPDATE NO ACTION", "");
    if sql.contains("\n) ENGINE=InnoDB") { sql.replace(" USING BTREE", "") } else { sql }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_keys_is_no_difference_and_their_columns_are() {
        let table = |sql: &str| {
            Object::parse(&serde_json::json!({"kind": "table", "name": "t", "sql": sql})).unwrap()
        };
        let keys = table("CREATE TABLE `t` (\n  KEY `a` (`a`),\n  KEY `b` (`b`)\n)");
        assert_eq!(keys, table("CREATE TABLE `t` (\n  KEY `b` (`b`),\n  KEY `a` (`a`)\n)"));
        assert_ne!(keys, table("CREATE TABLE `t` (\n  KEY `b` (`a`),\n  KEY `a` (`b`)\n)"));
    }
}
