use sqlx::Row as _;
use sqlx::mysql::MySqlConnectOptions;

use super::super::Teller;
use super::super::value::watched;
use crate::Engine;

/// The stage, and how far it is: `MariaDB` tells it with its processes, `MySQL` where the consumer
/// `events_stages_current` of its performance schema is on.
fn question(engine: Engine, session: i64) -> String {
    match engine {
        Engine::MariaDb => format!(
            "SELECT CAST(CONCAT(state, IF(max_stage > 0, CONCAT(', stage ', stage, ' of ', max_stage, \
             ', ', ROUND(progress), ' %'), '')) AS CHAR) FROM information_schema.processlist \
             WHERE id = {session} AND state <> ''"
        ),
        Engine::MySql | Engine::Sqlite | Engine::Postgres => format!(
            "SELECT CAST(COALESCE((SELECT CONCAT(SUBSTRING_INDEX(s.event_name, '/', -1), ', ', \
             ROUND(100 * s.work_completed / s.work_estimated), ' %') \
             FROM performance_schema.events_stages_current s WHERE s.thread_id = t.thread_id \
             AND s.work_estimated > 0 LIMIT 1), t.processlist_state) AS CHAR) \
             FROM performance_schema.threads t \
             WHERE t.processlist_id = {session} AND t.processlist_state IS NOT NULL"
        ),
    }
}

pub(super) async fn watch(
    options: MySqlConnectOptions,
    engine: Engine,
    session: i64,
    tell: Teller,
) {
    watched!(options, question(engine, session), tell);
}
