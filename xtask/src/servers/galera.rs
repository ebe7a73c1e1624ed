//! A Galera cluster of three nodes on the loopback interface.
//! <https://mariadb.com/kb/en/galera-cluster-system-variables/>

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::account::{self, Account};
use super::launch::{await_answer, folder, quiet_ports, read_log, spawn};
use super::mysql::{CARELESS, Programs, SETTINGS, initialise, option};
use super::supervised::Supervised;
use super::{Care, packages};
use crate::cleanup::Guard;
use crate::engine::Engine;

const NODES: usize = 3;
const REPLICATION: [&str; 8] = [
    "--binlog-format=ROW",
    "--default-storage-engine=InnoDB",
    "--innodb-autoinc-lock-mode=2",
    "--wsrep-on=ON",
    "--wsrep-cluster-name=artisan",
    "--wsrep-sst-method=rsync",
    "--wsrep-slave-threads=1",
    "--innodb-log-file-size=16M",
];

/// Three nodes that answer; one that ends is started again, until this value is dropped.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// An administrator's URL on each node.
    pub(crate) urls: Vec<String>,
    /// What the nodes say of their version.
    pub(crate) version: String,
    // Before the folder that they write to.
    _nodes: Vec<Supervised>,
    _folder: Guard,
}

impl Cluster {
    /// Starts one node after the other: each copies the data of those before it.
    pub(crate) fn start() -> Result<Self, String> {
        let tree = packages::galera().map_err(|failure| failure.to_string())?;
        let (folder, guard) = folder(Care::Throwaway)?;
        let account = Account::owning(&folder, "mysql")?;
        let tree = if account.is_some() { account::within_reach(&tree, &folder)? } else { tree };
        let nodes = Node::plan(&tree, &folder, account)?;
        let all = addresses(&nodes);
        let (mut urls, mut supervised, mut version) = (Vec::new(), Vec::new(), String::new());
        for (index, node) in nodes.into_iter().enumerate() {
            let process = if index == 0 { node.found()? } else { node.start(&all)? };
            let url = format!("mysql://root@127.0.0.1:{}/mysql", node.port);
            let log = || read_log(&node.log());
            version = await_answer(Engine::MariaDb, &url, &process, log)?;
            urls.push(url);
            let (name, all) = (format!("the cluster's node {}", index + 1), all.clone());
            supervised.push(Supervised::new(name, process, move || node.start(&all)));
        }
        Ok(Self { urls, version, _nodes: supervised, _folder: guard })
    }
}

#[derive(Debug)]
struct Node {
    programs: Programs,
    tree: PathBuf,
    folder: PathBuf,
    /// For clients.
    port: u16,
    /// For the other nodes, for what a node has missed, and for a copy of everything.
    group: u16,
    missed: u16,
    copy: u16,
}

impl Node {
    fn plan(tree: &Path, folder: &Path, account: Option<Account>) -> Result<Vec<Self>, String> {
        let mut nodes = Vec::new();
        for number in 1..=NODES {
            let folder = folder.join(format!("node-{number}"));
            for folder in [&folder, &folder.join("data")] {
                std::fs::create_dir(folder)
                    .map_err(|error| format!("making {}: {error}", folder.display()))?;
                account.map_or(Ok(()), |account| account.own(folder))?;
            }
            let programs = Programs { account, ..packages::mariadb_programs(tree)? };
            let [port, group, missed, copy] = quiet_ports()?;
            let tree = tree.to_owned();
            nodes.push(Self { programs, tree, folder, port, group, missed, copy });
        }
        Ok(nodes)
    }

    /// Starts the first one of a cluster.
    fn found(&self) -> Result<Guard, String> {
        initialise(&self.programs, &self.folder, &self.data())?;
        self.start("gcomm://")
    }

    /// Starts a member of the cluster with these addresses, which copies its data.
    fn start(&self, cluster: &str) -> Result<Guard, String> {
        let mut command = self.programs.command(&self.folder, &self.data())?;
        command
            .args(SETTINGS)
            .args(CARELESS)
            .args(REPLICATION)
            .arg(format!("--port={}", self.port));
        command.arg(option("socket", &self.folder.join("socket")));
        command.arg(option("pid-file", &self.folder.join("pid")));
        command.arg(option("log-error", &self.log()));
        command.arg(option("wsrep-provider", &self.tree.join("usr/lib/galera/libgalera_smm.so")));
        command.arg(format!("--wsrep-cluster-address={cluster}")).args(self.addresses());
        command.env("PATH", self.path()?);
        spawn(&mut command, &self.folder.join("output"), "KILL")
    }

    fn addresses(&self) -> [String; 4] {
        let at = |port: u16| format!("127.0.0.1:{port}");
        [
            format!("--wsrep-node-address={}", at(self.group)),
            format!("--wsrep-node-incoming-address={}", at(self.port)),
            format!("--wsrep-sst-receive-address={}", at(self.copy)),
            format!(
                "--wsrep-provider-options=gmcast.listen_addr=tcp://{};ist.recv_addr={};gcache.size=16M",
                at(self.group),
                at(self.missed)
            ),
        ]
    }

    /// Where the node finds the scripts that copy data, and they their programs.
    fn path(&self) -> Result<OsString, String> {
        let own = ["usr/bin", "usr/sbin"].map(|folder| self.tree.join(folder));
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path)))
            .map_err(|error| format!("PATH: {error}"))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

fn addresses(nodes: &[Node]) -> String {
    let all: Vec<String> = nodes.iter().map(|node| format!("127.0.0.1:{}", node.group)).collect();
    format!("gcomm://{}", all.join(","))
}
