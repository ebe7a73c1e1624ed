use std::process::Command;
use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase, block_on};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row};

/// Longer than anything here should take, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_mins(5);
const POLL: Duration = Duration::from_millis(50);

/// An empty database of one test, on three nodes that are counted from 0.
pub(crate) struct Site {
    servers: Vec<String>,
    name: String,
    // Dropped through the first node.
    _database: TestDatabase,
}

impl Site {
    /// Waits until all nodes are there, runs the test, and waits for the nodes again.
    pub(crate) fn run<F: Future<Output = Self>>(test: impl FnOnce(Self) -> F) {
        let named = std::env::var("TEST_CLUSTER_URLS");
        let named = named.unwrap_or_else(|_| panic!("run it with `cargo xtask cluster`"));
        let servers: Vec<String> = named.split(' ').map(str::to_owned).collect();
        block_on(async {
            all_are_there(&servers).await;
            let database = TestDatabase::create(Engine::MariaDb).await;
            let name = database.url().rsplit('/').next().unwrap().to_owned();
            let site = test(Self { servers: servers.clone(), name, _database: database }).await;
            all_are_there(&servers).await;
            drop(site);
        });
    }

    /// The database's URL on a node.
    pub(crate) fn url(&self, node: usize) -> String {
        let (server, _) = self.servers[node].rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// The first column of every row as text.
    pub(crate) async fn texts(&self, node: usize, sql: &str) -> Vec<String> {
        // What the others have committed is seen.
        let sql = format!("SET SESSION wsrep_sync_wait = 1; {sql}");
        ask(&self.url(node), &sql).await.unwrap()
    }

    pub(crate) async fn count(&self, node: usize, what: &str) -> usize {
        let sql = format!("SELECT CAST(COUNT(*) AS CHAR) FROM {what}");
        self.texts(node, &sql).await[0].parse().unwrap()
    }

    /// Runs several statements in one session.
    pub(crate) async fn execute(&self, node: usize, script: &str) {
        let mut connection = MySqlConnection::connect(&self.url(node)).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Waits until a node executes such a statement for this database, its own or another node's.
    pub(crate) async fn runs(&self, node: usize, like: &str) {
        let sql = format!(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{}' \
             AND id <> CONNECTION_ID() AND info LIKE '{like}'",
            self.name
        );
        let begin = Instant::now();
        while ask(&self.servers[node], &sql).await.unwrap().is_empty() {
            wait(begin, like).await;
        }
    }

    /// The process of a node.
    pub(crate) async fn process(&self, node: usize) -> Process {
        let file = &self.texts(node, "SELECT @@pid_file").await[0];
        Process(std::fs::read_to_string(file).unwrap().trim().to_owned())
    }

    /// Waits until the node is one of three again.
    pub(crate) async fn back(&self, node: usize) {
        is_there(&self.servers[node], "3", Instant::now()).await;
    }

    /// Waits until the node counts so many nodes, itself among them.
    pub(crate) async fn counts(&self, node: usize, nodes: &str) {
        let begin = Instant::now();
        while status(&self.servers[node], "wsrep_cluster_size").await.as_deref() != Some(nodes) {
            wait(begin, "the cluster's size").await;
        }
    }
}

/// A process that gets signals; one that was stopped goes on when this is dropped.
pub(crate) struct Process(String);

impl Process {
    pub(crate) fn of(child: &std::process::Child) -> Self {
        Self(child.id().to_string())
    }

    pub(crate) fn send(&self, signal: &str) {
        assert!(self.try_send(signal), "kill -s {signal} {}", self.0);
    }

    fn try_send(&self, signal: &str) -> bool {
        Command::new("kill").args(["-s", signal, &self.0]).output().unwrap().status.success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let is_stopped = std::fs::read_to_string(format!("/proc/{}/stat", self.0))
            .is_ok_and(|stat| stat.contains(") T "));
        if is_stopped {
            self.try_send("CONT");
        }
    }
}

async fn all_are_there(servers: &[String]) {
    let begin = Instant::now();
    for server in servers {
        is_there(server, &servers.len().to_string(), begin).await;
    }
}

async fn is_there(server: &str, nodes: &str, since: Instant) {
    while status(server, "wsrep_cluster_size").await.as_deref() != Some(nodes)
        || status(server, "wsrep_local_state_comment").await.as_deref() != Some("Synced")
        || status(server, "wsrep_ready").await.as_deref() != Some("ON")
    {
        wait(since, "all nodes").await;
    }
}

async fn status(server: &str, name: &str) -> Option<String> {
    let sql = format!(
        "SELECT variable_value FROM information_schema.global_status WHERE variable_name = '{name}'"
    );
    // A node that is gone or hangs has none.
    let asked = tokio::time::timeout(Duration::from_secs(5), ask(server, &sql)).await;
    asked.ok()?.ok()?.pop()
}

/// The first column of every row as text, at the server that the URL names.
pub(crate) async fn ask(url: &str, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let mut connection = MySqlConnection::connect(url).await?;
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
    connection.close().await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// A moment's pause, or the end of all patience.
pub(crate) async fn wait(since: Instant, what: &str) {
    assert!(since.elapsed() < PATIENCE, "still waiting for {what}");
    tokio::time::sleep(POLL).await;
}
