//! Servers in pairs: a primary, and a replica that follows it.

use std::path::PathBuf;

use super::url::ServerUrl;
use super::{Care, Server, machine, mysql, packages, postgres};
use crate::engine::Engine;

/// A primary, and its replica.
#[derive(Debug)]
pub(crate) struct Replicated {
    // The replica goes before what it follows.
    pub(crate) replica: Server,
    pub(crate) primary: Server,
}

impl Replicated {
    /// Two `PostgreSQL` servers, of which one streams from the other.
    pub(crate) fn postgres() -> Result<Self, String> {
        let programs = || machine::postgres_programs().or_else(|_| unpacked_postgres());
        let (own, origin) = programs()?;
        let primary = postgres::start(own, origin, Care::Throwaway)?;
        let (own, origin) = programs()?;
        let url = ServerUrl::parse(Engine::Postgres, &primary.url)?;
        let replica = postgres::follow(own, origin, &url)?;
        Ok(Self { replica, primary })
    }

    /// Two `MariaDB` servers that write what they change into logs; who connects tells the second to
    /// follow the first.
    pub(crate) fn mariadb() -> Result<Self, String> {
        let (programs, origin) = machine::mariadb_programs().or_else(|_| unpacked_mariadb())?;
        let start = |id: u8| {
            let options = [
                "--log-bin=changes".to_owned(),
                "--binlog-format=ROW".to_owned(),
                format!("--server-id={id}"),
            ];
            let origin = origin.clone();
            mysql::start_with(Engine::MariaDb, &programs, origin, Care::Throwaway, &options)
        };
        let (primary, replica) = (start(1)?, start(2)?);
        Ok(Self { replica, primary })
    }

    /// The primary's URL and the replica's.
    pub(crate) fn urls(&self) -> String {
        format!("{} {}", self.primary.url, self.replica.url)
    }
}

fn unpacked_postgres() -> Result<(postgres::Programs, String), String> {
    let (tree, origin) = unpacked(Engine::Postgres)?;
    Ok((packages::postgres_programs(&tree)?, origin))
}

fn unpacked_mariadb() -> Result<(mysql::Programs, String), String> {
    let (tree, origin) = unpacked(Engine::MariaDb)?;
    Ok((packages::mariadb_programs(&tree)?, origin))
}

fn unpacked(engine: Engine) -> Result<(PathBuf, String), String> {
    let tree = packages::tree(engine).map_err(|failure| failure.to_string())?;
    let origin = format!("unpacked from packages into {}", tree.display());
    Ok((tree, origin))
}
