#![expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
//! Throwaway servers for tests: one empty database per test, on every engine, a mail server, NATS, a proxy
//! that lets servers fail, and certificates.
//!
//! Servers are named by `TEST_MARIADB_URL`, `TEST_MYSQL_URL` and `TEST_POSTGRES_URL`, which
//! `cargo xtask test` sets after it has found or started them. An engine without a server fails its
//! tests: none is ever skipped in silence. `TEST_NATS_SERVER` is the path of a program, since tests kill it.

mod certificates;
mod database;
mod engine;
mod nats;
mod proxy;
mod smtp;

pub use certificates::{Certificate, CertificateAuthority};
pub use database::TestDatabase;
pub use engine::Engine;
pub use nats::NatsServer;
pub use proxy::Proxy;
pub use smtp::{ReceivedMail, SMTP_CA, SmtpBehaviour, SmtpServer, SmtpTls};

#[doc(hidden)]
pub use tokio as __tokio;

/// Declares each named `async fn(TestDatabase)` as a test on every engine.
///
/// The tests stand in modules named after the engines, so that `--skip mysql::` leaves one engine
/// out and the summary counts it as filtered, never as passed.
#[macro_export]
macro_rules! on_every_engine {
    ($($name:ident),+ $(,)?) => {
        $crate::on_engine!(sqlite, Sqlite, $($name),+);
        $crate::on_engine!(mariadb, MariaDb, $($name),+);
        $crate::on_engine!(mysql, MySql, $($name),+);
        $crate::on_engine!(postgres, Postgres, $($name),+);
    };
}

/// Declares each named `async fn(TestDatabase)` as a test on one engine, in a module of its name.
///
/// Where a file says it twice of an engine, the second takes a module of another name around that one:
/// a test always stands directly in a module named after its engine.
#[macro_export]
macro_rules! on_engine {
    (@tests $module:ident $engine:ident $($name:ident),+) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    $crate::block_on(async {
                        let database = $crate::TestDatabase::create($crate::Engine::$engine).await;
                        super::$name(database).await;
                    });
                }
            )+
        }
    };
    (@around sqlite sqlite $engine:ident $($name:ident),+) => {
        $crate::on_engine!(@tests sqlite $engine $($name),+);
    };
    (@around mariadb mariadb $engine:ident $($name:ident),+) => {
        $crate::on_engine!(@tests mariadb $engine $($name),+);
    };
    (@around mysql mysql $engine:ident $($name:ident),+) => {
        $crate::on_engine!(@tests mysql $engine $($name),+);
    };
    (@around postgres postgres $engine:ident $($name:ident),+) => {
        $crate::on_engine!(@tests postgres $engine $($name),+);
    };
    (@around $around:ident $module:ident $engine:ident $($name:ident),+) => {
        mod $around {
            $(use super::$name;)+
            $crate::on_engine!(@tests $module $engine $($name),+);
        }
    };
    ($module:ident, Sqlite, $($name:ident),+ $(,)?) => {
        $crate::on_engine!(@around $module sqlite Sqlite $($name),+);
    };
    ($module:ident, MariaDb, $($name:ident),+ $(,)?) => {
        $crate::on_engine!(@around $module mariadb MariaDb $($name),+);
    };
    ($module:ident, MySql, $($name:ident),+ $(,)?) => {
        $crate::on_engine!(@around $module mysql MySql $($name),+);
    };
    ($module:ident, Postgres, $($name:ident),+ $(,)?) => {
        $crate::on_engine!(@around $module postgres Postgres $($name),+);
    };
}

/// Runs one test's future on a runtime of its own.
///
/// # Panics
/// When the operating system grants no threads.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test");
    runtime.block_on(future)
}
