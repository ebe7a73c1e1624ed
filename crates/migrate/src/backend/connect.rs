use std::time::{Duration, Instant};

use super::{Backend, Failure, FailureKind, mysql, postgres, sqlite, tls_files};
use crate::clock::pause;
use crate::observer::Event;
use crate::{Access, DatabaseUrl, Engine, Error, Options};

/// The longest that one attempt may take: a port may accept and stay silent.
const ATTEMPT: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Connects, trying again until the options' time for it has passed.
///
/// Wrong credentials, unknown databases and files that cannot be read fail at once: no waiting mends them.
pub(crate) async fn connect(
    url: &DatabaseUrl,
    access: Access,
    options: &Options,
) -> Result<Box<dyn Backend>, Error> {
    tls_files::check(url)?;
    warn_of_unknown(url);
    let stop = &options.stop;
    let end = Instant::now() + options.connect_timeout;
    let mut wait = FIRST_PAUSE;
    loop {
        let limit = ATTEMPT.min(end.saturating_duration_since(Instant::now()));
        let attempt = tokio::select! {
            attempt = tokio::time::timeout(limit, open(url, access, options)) => attempt,
            () = stop.requested() => return Err(Error::Stopped),
        };
        let failure = match attempt {
            Ok(Ok(backend)) => return Ok(backend),
            Ok(Err(failure)) => failure,
            Err(_) if url.engine() == Engine::Sqlite => sqlite::locked("no answer in time"),
            Err(_) => Failure::new(FailureKind::Lost, "no answer in time"),
        };
        if let Some(error) = final_error(url, &failure) {
            return Err(error);
        }
        if Instant::now() + wait >= end {
            return Err(Error::Unreachable { database: url.to_string(), cause: failure.message });
        }
        options.observer.tell(&Event::Connecting { cause: failure.message });
        tokio::select! {
            () = pause(wait) => {}
            () = stop.requested() => return Err(Error::Stopped),
        }
        wait = (wait * 2).min(LONGEST_PAUSE);
    }
}

fn final_error(url: &DatabaseUrl, failure: &Failure) -> Option<Error> {
    match failure.kind {
        FailureKind::Lost | FailureKind::NotReady | FailureKind::Busy => None,
        FailureKind::Insecure => Some(insecure(url, failure)),
        FailureKind::Refused
        | FailureKind::Unlockable
        | FailureKind::Superseded
        | FailureKind::ReadOnly
        | FailureKind::Missing
        | FailureKind::Forbidden
        | FailureKind::Statement
        | FailureKind::Cancelled => {
            Some(Error::Refused { database: url.to_string(), cause: failure.to_string() })
        }
    }
}

/// No encryption that both sides take: only the URL can say what is wanted.
fn insecure(url: &DatabaseUrl, failure: &Failure) -> Error {
    let (mode, authority) = match url.engine() {
        Engine::Postgres => ("sslmode", "sslrootcert"),
        Engine::MySql | Engine::MariaDb | Engine::Sqlite => ("ssl-mode", "ssl-ca"),
    };
    let message = format!(
        "the database at {url} refuses the connection: {failure}; the URL's `{mode}` says how much encryption \
         is asked for, and `{authority}` names the file of the authority that is trusted"
    );
    Error::usage("DATABASE_REFUSED", message)
}

fn warn_of_unknown(url: &DatabaseUrl) {
    match url.engine() {
        Engine::Sqlite => {}
        Engine::MySql | Engine::MariaDb => mysql::warn_of_unknown(url),
        Engine::Postgres => postgres::warn_of_unknown(url),
    }
}

async fn open(
    url: &DatabaseUrl,
    access: Access,
    options: &Options,
) -> Result<Box<dyn Backend>, Failure> {
    let table = &options.table_name;
    match url.engine() {
        Engine::Sqlite => sqlite::open(url, table, access, &options.stop).await,
        Engine::MySql | Engine::MariaDb => mysql::open(url, table).await,
        Engine::Postgres => postgres::open(url, table).await,
    }
}
