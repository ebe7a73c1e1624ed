use crate::Engine;
use crate::backend::{FORGET, Leftovers, MOVING, emptied, session};
use crate::statement::{Statement, assigned, in_temp};

/// What a script remembers of the session that it was given: where it looks for tables, and as whom.
const KEEP: [&str; 2] = [
    "CREATE TEMPORARY TABLE IF NOT EXISTS _migrate_session AS SELECT current_setting('search_path') \
     AS path, current_setting('role') AS role",
    "GRANT SELECT ON pg_temp._migrate_session TO PUBLIC",
];

/// Within a transaction: the runner's tables are found whatever the file has set.
const PATH: &str = "SET LOCAL session_authorization = DEFAULT;\nSELECT set_config('search_path', path, true), \
    set_config('role', role, true) FROM pg_temp._migrate_session;\n";

const BACK: &str = "SELECT set_config('search_path', path, false), set_config('role', role, false) \
    FROM pg_temp._migrate_session";

/// Removes what a file has left that only its session sees.
const TIDY: &str = "DO $$ DECLARE it record; BEGIN FOR it IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = \
    pg_my_temp_schema() LOOP IF EXISTS (SELECT FROM pg_proc WHERE oid = it.oid) THEN \
    EXECUTE format('DROP ROUTINE %s CASCADE', it.oid::regprocedure); END IF; END LOOP; FOR it IN SELECT c.oid, CASE c.relkind WHEN 'v' THEN \
    'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind FROM pg_class c WHERE c.relnamespace = \
    pg_my_temp_schema() AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relname <> '_migrate_session' LOOP \
    IF EXISTS (SELECT FROM pg_class WHERE oid = it.oid) THEN EXECUTE format('DROP %s %s CASCADE', \
    it.kind, it.oid::regclass); END IF; END LOOP; END $$";

/// What the client's session is set to before anything else.
pub(super) fn pinned(engine: Engine) -> Vec<String> {
    let kept = if engine == Engine::Postgres { &KEEP[..] } else { &[] };
    session(engine).iter().chain(kept).map(ToString::to_string).collect()
}

/// What lets the runner's tables be found behind statements that change the session.
pub(super) fn path(engine: Engine) -> &'static str {
    if engine == Engine::Postgres { PATH } else { "" }
}

/// What takes back what a file has set, as the runner does: another run begins without it.
pub(super) fn restored(
    engine: Engine,
    statements: &[Statement<'_>],
    left: &Leftovers,
) -> Vec<String> {
    let mut all: Vec<String> = match engine {
        Engine::Sqlite => Vec::new(),
        Engine::Postgres => FORGET.iter().map(ToString::to_string).collect(),
        Engine::MySql | Engine::MariaDb => defaults(engine, statements),
    };
    all.extend(session(engine).iter().map(ToString::to_string));
    let tables = left.tables.join(", ");
    match engine {
        Engine::Sqlite => all.extend(dropped(statements)),
        Engine::Postgres => {
            let names_schema = |s: &Statement<'_>| s.sql.to_lowercase().contains("pg_temp");
            let is_untidy = !tables.is_empty() || statements.iter().any(names_schema);
            all.push(BACK.to_owned());
            all.extend(is_untidy.then(|| TIDY.to_owned()));
        }
        Engine::MySql | Engine::MariaDb => {
            all.extend(
                (!tables.is_empty()).then(|| format!("DROP TEMPORARY TABLE IF EXISTS {tables}")),
            );
            all.extend(left.variables.iter().map(|name| format!("SET {}", emptied(name))));
        }
    }
    all
}

/// What drops from `SQLite`'s schema `temp` what the statements have made there, each as what it was made last.
fn dropped(statements: &[Statement<'_>]) -> Vec<String> {
    let made: Vec<_> = statements.iter().filter_map(|s| in_temp(s.sql)).collect();
    // A trigger may have the name of a table.
    let is_again = |(kind, name): &(&str, String), (later, again): &(&str, String)| {
        (*kind == "TRIGGER") == (*later == "TRIGGER") && again.eq_ignore_ascii_case(name)
    };
    let last = made
        .iter()
        .enumerate()
        .filter(|(at, one)| !made.iter().skip(at + 1).any(|later| is_again(one, later)));
    let drop = |(kind, name): &(&str, String)| format!("DROP {kind} IF EXISTS temp.{name}");
    last.map(|(_, one)| drop(one)).rev().collect()
}

/// The server's own values for what the statements have set.
fn defaults(engine: Engine, statements: &[Statement<'_>]) -> Vec<String> {
    let names = statements.iter().flat_map(|statement| assigned(engine, statement.sql));
    let mut names: Vec<String> = names.map(str::to_lowercase).collect();
    names.sort_unstable();
    names.dedup();
    // `timestamp` stands still once it was set, the others hold for the next statement only.
    names.retain(|name| name == "timestamp" || !MOVING.contains(&name.trim_matches('`')));
    names.iter().map(|name| format!("SET SESSION {name} = DEFAULT")).collect()
}
