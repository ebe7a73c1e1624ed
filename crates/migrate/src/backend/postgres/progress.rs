use sqlx::Row as _;
use sqlx::postgres::PgConnectOptions;

use super::super::Teller;
use super::super::value::watched;

/// Who stands in its way, else how far it is:
/// <https://www.postgresql.org/docs/current/progress-reporting.html>
fn question(session: i64) -> String {
    let part = |done: &str, total: &str| {
        format!(
            "CASE WHEN {total} > 0 THEN ', ' || round(100.0 * {done} / {total}) || ' %' ELSE '' END"
        )
    };
    let view = |name: &str, share: &str| {
        format!("SELECT phase || {share} FROM pg_stat_progress_{name} WHERE pid = {session}")
    };
    let index = format!(
        "CASE WHEN tuples_total > 0 THEN {} ELSE {} END",
        part("tuples_done", "tuples_total"),
        part("blocks_done", "blocks_total")
    );
    let heap = part("heap_blks_scanned", "heap_blks_total");
    let blockers = format!("pg_blocking_pids({session})");
    let blocked = format!(
        "SELECT 'waits for the server process ' || array_to_string({blockers}, ', ') \
         WHERE cardinality({blockers}) > 0"
    );
    let views = [view("create_index", &index), view("cluster", &heap), view("vacuum", &heap)];
    format!("{blocked} UNION ALL {}", views.join(" UNION ALL "))
}

pub(super) async fn watch(options: PgConnectOptions, session: i64, tell: Teller) {
    watched!(options, question(session), tell);
}
