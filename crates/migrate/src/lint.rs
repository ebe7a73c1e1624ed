//! Looks for what breaks in migration files before it runs: locks, lost data, renames that the running
//! release does not survive, files that cannot be undone or continued.
//!
//! A [`Rule`] has a stable code; `-- lint:allow CODE reason` in a file waives it. Whatever is not
//! understood is passed over: no finding is a guess.

mod file;
mod finding;
mod rule;
mod rules;
mod waiver;

use std::collections::BTreeSet;

pub use finding::{Finding, Place};
pub use rule::{Rule, Severity};
pub(crate) use waiver::waived;

use crate::ddl::Schema;
use crate::{Engine, History, Revision, ServerVersion, impact};
use file::{At, File};
use finding::Out;

/// Every rule, by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut all: Vec<&Rule> = rules::all();
    all.sort_by_key(|rule| rule.code);
    all
}

/// What to look at, and as whose files.
#[derive(Clone, Debug)]
pub struct Request {
    /// The engine that is to run the files.
    pub engine: Engine,
    /// Its version; [`ServerVersion::assumed`] if absent.
    pub version: Option<ServerVersion>,
    /// The versions of the revisions to look at; all if absent. The others are read all the same, for
    /// what they say about the schema.
    pub only: Option<Vec<i64>>,
    /// The versions that the base branch has; those that are not among them must be newer than all.
    pub base: Option<Vec<i64>>,
    /// The names of all files in the folder, for those that sqlx passes over.
    pub names: Vec<String>,
    /// The folders of other engines, by name, with the versions that they have.
    pub others: Vec<(String, BTreeSet<i64>)>,
}

impl Request {
    /// Everything, by the rules of this engine.
    #[must_use]
    pub const fn new(engine: Engine) -> Self {
        Self {
            engine,
            version: None,
            only: None,
            base: None,
            names: Vec::new(),
            others: Vec::new(),
        }
    }

    fn wants(&self, revision: &Revision) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&revision.version))
    }
}

/// Looks at the files of a history; findings come in the order of the files and their lines.
#[must_use]
pub fn lint(request: &Request, history: &History) -> Vec<Finding> {
    let version = request.version.unwrap_or(ServerVersion::assumed(request.engine));
    let mut schema = Schema::default();
    let mut findings = rules::check_folder(request, history);
    for revision in history.revisions() {
        let up = File::read(request.engine, version, revision, &revision.up, false);
        let scripts = revision.down.as_ref();
        let down =
            scripts.map(|script| File::read(request.engine, version, revision, script, true));
        if !request.wants(revision) {
            up.reads.iter().for_each(|read| schema.apply(&read.what));
            continue;
        }
        let mut out = Out::new(request.engine, &up);
        rules::check_file(&up, &mut out);
        rules::check_others(request, revision, &mut out);
        rules::check_pair(&up, down.as_ref(), &schema, &mut out);
        check_statements(&up, &mut schema, &mut out);
        let told_of_down = out.take_down();
        findings.extend(waiver::apply(&up, out));
        if let Some(down) = &down {
            let mut out = Out::new(request.engine, down);
            rules::check_file(down, &mut out);
            check_statements(down, &mut around(down, &schema), &mut out);
            out.extend(told_of_down);
            findings.extend(waiver::apply(down, out));
        }
    }
    findings
}

/// What the rules for down files want to know; a copy of everything would cost too much per file.
fn around(down: &File<'_>, schema: &Schema) -> Schema {
    match down.engine {
        Engine::Sqlite => schema.around(down.reads.iter().map(|read| &read.what)),
        Engine::MySql | Engine::MariaDb | Engine::Postgres => Schema::default(),
    }
}

/// Looks at each statement in the schema that it meets, and leaves the one behind the last.
fn check_statements(file: &File<'_>, schema: &mut Schema, out: &mut Out<'_>) {
    let mut fresh = BTreeSet::new();
    for (index, read) in file.reads.iter().enumerate() {
        let place =
            impact::Place { engine: file.engine, version: file.version, schema, fresh: &fresh };
        let impacts = impact::of(place, &read.what);
        rules::check_statement(&At { file, read, index, place, impacts: &impacts }, out);
        schema.apply(&read.what);
        impact::note_fresh(&mut fresh, &read.what);
    }
}
