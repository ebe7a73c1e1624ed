//! Servers as containers, for machines that have docker or podman and nothing else.

use std::process::Command;

use super::Server;
use super::launch::await_answer;
use crate::cleanup::{Guard, Leftover};
use crate::command::{capture, succeeds};
use crate::engine::Engine;

struct Image {
    reference: &'static str,
    port: u16,
    environment: &'static str,
}

/// Starts the engine's official image on a loopback port that the engine picks.
pub(super) fn start(engine: Engine) -> Result<Server, String> {
    let image = image(engine).ok_or("has no server")?;
    let program = ["docker", "podman"]
        .into_iter()
        .find(|program| succeeds(Command::new(program).arg("info")))
        .ok_or("neither docker nor podman answers")?;
    let name = format!("artisan-test-{}-{}", engine.name(), std::process::id());
    let guard = Guard::new(Leftover::Container { program, name: name.clone() });
    let publish = format!("127.0.0.1::{}", image.port);
    capture(
        Command::new(program)
            .args(["run", "--detach", "--name", &name, "--publish", &publish])
            .args(["--env", image.environment, image.reference]),
    )
    .map_err(|failure| failure.to_string())?;
    let mapping = capture(Command::new(program).args(["port", &name, &image.port.to_string()]))
        .map_err(|failure| failure.to_string())?;
    let address = first_address(&mapping).ok_or_else(|| format!("no port in {mapping:?}"))?;
    let url = match engine {
        Engine::Postgres => format!("postgres://postgres@{address}/postgres"),
        _ => format!("mysql://root@{address}/mysql"),
    };
    let log =
        || capture(Command::new(program).args(["logs", "--tail", "5", &name])).unwrap_or_default();
    let version = await_answer(engine, &url, &guard, log)?;
    let origin = format!("{program} run {}", image.reference);
    Ok(Server { url, origin, version, _guards: vec![guard] })
}

fn image(engine: Engine) -> Option<Image> {
    match engine {
        Engine::Sqlite => None,
        Engine::MariaDb => Some(Image {
            reference: "mariadb:11",
            port: 3306,
            environment: "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1",
        }),
        Engine::MySql => Some(Image {
            reference: "mysql:9",
            port: 3306,
            environment: "MYSQL_ALLOW_EMPTY_PASSWORD=1",
        }),
        Engine::Postgres => Some(Image {
            reference: "postgres:17",
            port: 5432,
            environment: "POSTGRES_HOST_AUTH_METHOD=trust",
        }),
    }
}

/// `docker port` prints one line per address family.
fn first_address(mapping: &str) -> Option<&str> {
    mapping.lines().map(str::trim).find(|line| line.starts_with("127.0.0.1:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_address_is_taken_from_what_is_published() {
        assert_eq!(first_address("127.0.0.1:49153\n"), Some("127.0.0.1:49153"));
        assert_eq!(first_address(""), None);
    }
}
