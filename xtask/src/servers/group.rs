//! A `MySQL` server that is the first of a replication group with several primaries.
//! <https://dev.mysql.com/doc/refman/9.0/en/group-replication-multi-primary-mode.html>

use super::launch::quiet_ports;
use super::{Care, Server, mysql, packages};
use crate::engine::Engine;

const MEMBER: [&str; 10] = [
    "--server-id=1",
    "--log-bin=changes",
    "--gtid-mode=ON",
    "--enforce-gtid-consistency=ON",
    "--report-host=127.0.0.1",
    "--plugin-load-add=group_replication.so",
    "--group-replication-group-name=5b1c1a3e-6f0c-4f6e-9c55-0d6d3a1f8f01",
    "--group-replication-single-primary-mode=OFF",
    "--group-replication-bootstrap-group=ON",
    "--group-replication-start-on-boot=ON",
];

/// Starts it; it joins its group a moment after it has answered.
pub(crate) fn start() -> Result<Server, String> {
    let tree = packages::tree(Engine::MySql).map_err(|failure| failure.to_string())?;
    let origin = format!("unpacked from packages into {}", tree.display());
    let [port] = quiet_ports()?;
    let mut options: Vec<String> = MEMBER.map(str::to_owned).into();
    options.push(format!("--group-replication-local-address=127.0.0.1:{port}"));
    options.push(format!("--group-replication-group-seeds=127.0.0.1:{port}"));
    options.push(format!("--plugin-dir={}", tree.join("usr/lib/mysql/plugin").display()));
    let programs = packages::mysql_programs(&tree)?;
    mysql::start_with(Engine::MySql, &programs, origin, Care::Throwaway, &options)
}
