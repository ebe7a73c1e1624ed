//! `MySQL` and `MariaDB`: what `SHOW CREATE` says, without what belongs to one server only.

mod charset;
mod create;
mod dates;
pub(super) mod readable;
mod restored;
mod sequences;
pub(super) mod sessions;

use std::collections::BTreeSet;

use self::charset::with_charsets;
use self::create::{ForeignKeys, without_counter, without_definer, without_start};
use self::readable::readable;
use super::session::Sessions;
use super::{SchemaObject, Untold, is_bookkeeping, order};
use crate::Engine;
use crate::backend::{Backend, Failure, Kind, Value, backquoted};

/// A kind of object, how its names are asked for, and in which column `SHOW CREATE` answers.
struct Source {
    kind: &'static str,
    word: &'static str,
    names: &'static str,
    column: usize,
}

/// Routines of one type, which is the word for `SHOW CREATE` as well.
macro_rules! routines {
    ($kind:literal, $word:literal) => {
        Source {
            kind: $kind,
            word: $word,
            names: concat!(
                "SELECT CAST(routine_name AS CHAR(255)) FROM information_schema.routines ",
                "WHERE routine_schema = DATABASE() AND routine_type = '",
                $word,
                "' ORDER BY 1"
            ),
            column: 2,
        }
    };
}

const TABLE_NAMES: &str = "SELECT CAST(table_name AS CHAR(255)) FROM information_schema.tables \
    WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1";

const SEQUENCES: Source = Source {
    kind: "sequence",
    word: "SEQUENCE",
    names: "SELECT CAST(table_name AS CHAR(255)) FROM information_schema.tables \
            WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE' ORDER BY 1",
    column: 1,
};
const TABLES: Source = Source { kind: "table", word: "TABLE", names: TABLE_NAMES, column: 1 };
const FUNCTIONS: Source = routines!("function", "FUNCTION");
const PROCEDURES: Source = routines!("procedure", "PROCEDURE");
const PACKAGES: Source = routines!("package", "PACKAGE");
const PACKAGE_BODIES: Source = routines!("package body", "PACKAGE BODY");
const VIEWS: Source = Source {
    kind: "view",
    word: "VIEW",
    names: "SELECT CAST(table_name AS CHAR(255)) FROM information_schema.views \
            WHERE table_schema = DATABASE() ORDER BY 1",
    column: 1,
};
/// By table and place: triggers of one event run in the order in which they were made.
const TRIGGERS: Source = Source {
    kind: "trigger",
    word: "TRIGGER",
    names: "SELECT CAST(trigger_name AS CHAR(255)) FROM information_schema.triggers \
            WHERE trigger_schema = DATABASE() ORDER BY event_object_table, action_timing, \
            event_manipulation, action_order",
    column: 2,
};
const EVENTS: Source = Source {
    kind: "event",
    word: "EVENT",
    names: "SELECT CAST(event_name AS CHAR(255)) FROM information_schema.events \
            WHERE event_schema = DATABASE() ORDER BY 1",
    column: 3,
};
/// Those whose schedule begins when it was made or changed, to the second: the server fills in that time where none
/// was said, and nobody says the time of his own statement.
/// <https://dev.mysql.com/doc/refman/8.4/en/create-event.html>
const BEGUN_AT_ONCE: &str = "SELECT CAST(event_name AS CHAR(255)) FROM information_schema.events \
    WHERE event_schema = DATABASE() \
    AND (ABS(TIMESTAMPDIFF(SECOND, CONVERT_TZ(created, @@time_zone, time_zone), starts)) <= 1 \
    OR ABS(TIMESTAMPDIFF(SECOND, CONVERT_TZ(last_altered, @@time_zone, time_zone), starts)) <= 1)";

/// What is found, and what keeps it from being all there is.
pub(super) struct Read {
    pub(super) objects: Vec<SchemaObject>,
    pub(super) unmanaged: Vec<String>,
    /// What the server shows as `?`.
    pub(super) untold: Vec<Untold>,
    pub(super) sessions: Sessions,
}

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Read, Failure> {
    let shown = sessions::in_plain_mode(backend, async |backend| shown(backend).await).await?;
    let (objects, unmanaged, untold) = shown;
    let fitting = sessions::fitting(backend, &objects).await?;
    let sessions = Sessions { fitting, ..sessions::read(backend).await? };
    Ok(Read { objects, unmanaged, untold, sessions })
}

async fn shown(
    backend: &mut dyn Backend,
) -> Result<(Vec<SchemaObject>, Vec<String>, Vec<Untold>), Failure> {
    let applied = backend.dialect().applied.clone();
    let mut objects = made(backend, &SEQUENCES).await?;
    let mut keys = ForeignKeys::default();
    for mut table in made(backend, &TABLES).await? {
        if !is_bookkeeping(&table.name, &applied) {
            table.sql = keys.taken_from(&table.name, &with_charsets(&without_counter(&table.sql)));
            objects.push(table);
        }
    }
    let untold = restored::restore(backend, &mut objects).await?;
    // Added at the end, they may point anywhere.
    objects.extend(keys.into_objects());
    objects.extend(made(backend, &FUNCTIONS).await?);
    objects.extend(made(backend, &PROCEDURES).await?);
    if backend.engine() == Engine::MariaDb {
        objects.extend(made(backend, &PACKAGES).await?);
        objects.extend(made(backend, &PACKAGE_BODIES).await?);
    }
    objects.extend(by_need(made(backend, &VIEWS).await?));
    objects.extend(made(backend, &TRIGGERS).await?);
    objects.extend(events(backend).await?);
    if backend.engine() == Engine::MariaDb {
        sequences::shorten(backend, &mut objects).await?;
    }
    let mut unmanaged: BTreeSet<String> = untold.iter().map(|one| one.what.clone()).collect();
    for object in &mut objects {
        let (sql, definer) = without_definer(&object.sql);
        let note =
            "the definers of views, routines, triggers and events: whoever runs it is theirs";
        unmanaged.extend(definer.map(|_| note.to_owned()));
        object.sql = sql;
    }
    Ok((objects, unmanaged.into_iter().collect(), untold))
}

async fn made(backend: &mut dyn Backend, source: &Source) -> Result<Vec<SchemaObject>, Failure> {
    let names = backend.read(source.names, &[] as &[Value<'_>], &[Kind::Text]).await?;
    let mut objects = Vec::with_capacity(names.len());
    for row in names {
        let name = row.text(0)?.to_owned();
        let sql = format!("SHOW CREATE {} {}", source.word, backquoted(&name));
        let mut kinds = vec![Kind::Text; source.column];
        kinds.push(Kind::Bytes);
        // One that was dropped since, or whose text this user may not see, is an error.
        let rows = backend.read(&sql, &[], &kinds).await?;
        let text = rows.first().ok_or_else(|| Failure::shape(source.column))?;
        let sql = without_end(readable(text.bytes(source.column)?));
        objects.push(SchemaObject { kind: source.kind, name, sql });
    }
    Ok(objects)
}

/// `MySQL` keeps the semicolon behind a body that was sent with other statements, as sqlx sends a whole file.
fn without_end(mut sql: String) -> String {
    sql.truncate(sql.trim_end_matches([';', ' ', '\n']).len());
    sql
}

async fn events(backend: &mut dyn Backend) -> Result<Vec<SchemaObject>, Failure> {
    let mut events = made(backend, &EVENTS).await?;
    if events.is_empty() {
        return Ok(events);
    }
    for row in backend.read(BEGUN_AT_ONCE, &[], &[Kind::Text]).await? {
        let name = row.text(0)?;
        for event in events.iter_mut().filter(|event| event.name == name) {
            event.sql = without_start(&event.sql);
        }
    }
    Ok(events)
}

/// Views behind the views that their texts name; the server quotes every name in them.
fn by_need(views: Vec<SchemaObject>) -> Vec<SchemaObject> {
    let mut needs = Vec::new();
    for (at, view) in views.iter().enumerate() {
        for (other_at, other) in views.iter().enumerate() {
            if at != other_at && view.sql.contains(&backquoted(&other.name)) {
                needs.push((at, other_at));
            }
        }
    }
    let keyed = views.into_iter().map(|view| (view.name, view.sql)).collect();
    let ordered = order::by_need(keyed, &needs).into_iter();
    ordered.map(|(name, sql)| SchemaObject { kind: VIEWS.kind, name, sql }).collect()
}
