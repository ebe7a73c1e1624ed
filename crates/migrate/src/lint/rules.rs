mod directives;
mod down;
mod files;
mod loss;
mod mysql_alter;
mod mysql_tables;
mod postgres_locks;
mod postgres_rewrites;
mod postgres_types;
mod rollout;
mod sqlite;
mod style;
mod transactions;
pub(super) mod waivers;

use super::Request;
use super::file::{At, File};
use super::finding::{Finding, Out};
use super::rule::Rule;
use crate::ddl::Schema;
use crate::{Engine, History, Revision};

pub(super) fn all() -> Vec<&'static Rule> {
    [
        directives::ALL,
        down::ALL,
        files::ALL,
        loss::ALL,
        mysql_alter::ALL,
        mysql_tables::ALL,
        postgres_locks::ALL,
        postgres_rewrites::ALL,
        postgres_types::ALL,
        rollout::ALL,
        sqlite::ALL,
        style::ALL,
        transactions::ALL,
        waivers::ALL,
    ]
    .concat()
}

/// What the folder as a whole tells.
pub(super) fn check_folder(request: &Request, history: &History) -> Vec<Finding> {
    files::check_folder(request, history)
}

/// What the folders of other engines tell.
pub(super) fn check_others(request: &Request, revision: &Revision, out: &mut Out<'_>) {
    files::check_others(request, revision, out);
}

/// What a file tells before its statements are looked at.
pub(super) fn check_file(file: &File<'_>, out: &mut Out<'_>) {
    files::check(file, out);
    directives::check(file, out);
    transactions::check_file(file, out);
    if !file.is_down {
        mysql_alter::check_file(file, out);
        postgres_locks::check_file(file, out);
    }
}

/// What up and down tell together.
pub(super) fn check_pair(
    up: &File<'_>,
    down: Option<&File<'_>>,
    before: &Schema,
    out: &mut Out<'_>,
) {
    down::check(up, down, before, out);
}

/// What a statement tells. Down files are spared what undoing is for: loss, locks and renames.
pub(super) fn check_statement(at: &At<'_>, out: &mut Out<'_>) {
    transactions::check(at, out);
    match at.file.engine {
        Engine::Sqlite => sqlite::check(at, out),
        Engine::MySql | Engine::MariaDb | Engine::Postgres => {}
    }
    if at.file.is_down {
        return;
    }
    loss::check(at, out);
    rollout::check(at, out);
    style::check(at, out);
    match at.file.engine {
        Engine::Sqlite => {}
        Engine::MySql | Engine::MariaDb => {
            mysql_alter::check(at, out);
            mysql_tables::check(at, out);
        }
        Engine::Postgres => {
            postgres_locks::check(at, out);
            postgres_rewrites::check(at, out);
            postgres_types::check(at, out);
        }
    }
    loss::check_marks(at, out);
}
