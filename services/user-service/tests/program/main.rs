#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
//! The program as an operator sees it: exit codes, what it says, and how it ends.

mod killed;
mod running;

use std::net::TcpListener;

use artisan_proto::artisan::user::v1::CreateSessionRequest;
use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_testkit::{CertificateAuthority, Engine, TestDatabase};
use tonic::transport::Channel;

use running::{Running, ended, program};

#[test]
fn every_bad_variable_is_named_and_the_exit_code_is_two() {
    let mut command = program("sqlite://x.db");
    command.env("TOKEN_SIGNING_KEY", "hunter2").env("GRPC_ADDR", "x").env("HASH_THREADS", "0");
    let (code, said) = ended(command.env_remove("DATABASE_URL"));
    assert_eq!(code, Some(2));
    for name in ["DATABASE_URL", "TOKEN_SIGNING_KEY", "GRPC_ADDR", "HASH_THREADS"] {
        assert_eq!(said.lines().filter(|line| line.contains(name)).count(), 1, "{name}: {said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
    let (code, said) = ended(&mut program("oracle://someone:hunter2@host/x"));
    let lines = said.lines().filter(|line| line.contains("DATABASE_URL")).collect::<Vec<_>>();
    assert_eq!((code, lines.len()), (Some(2), 1), "{said}");
    assert!(lines[0].contains("postgres://") && !said.contains("hunter2"), "{said}");
}

#[test]
fn token_that_no_service_would_take_is_not_given_out() {
    for arguments in [["", "--ttl=1d"], ["a,b", "--ttl=1d"], ["a b", "--ttl=1d"], ["a", "--ttl=0s"]]
    {
        let (code, said) = ended(program("").arg("service-token").args(arguments));
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
    }
    let (code, said) = ended(program("").args(["service-token", "shop", "--ttl=1s"]));
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn replica_that_cannot_be_one_is_refused() {
    for (database, replica) in [
        ("sqlite://x.db", "sqlite://y.db"),
        ("sqlite://x.db", "postgres://someone:hunter2@host/x"),
        ("postgres://host/x", "mysql://someone:hunter2@host/x"),
        ("postgres://host/x", "oracle://someone:hunter2@host/x"),
    ] {
        let (code, said) = ended(program(database).env("DATABASE_READ_URL", replica));
        let lines = said.lines().filter(|line| line.contains("DATABASE_READ_URL"));
        assert_eq!((code, lines.count()), (Some(2), 1), "{replica}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn port_that_is_taken_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = ended(program("sqlite://x.db").env("GRPC_ADDR", &address));
    assert_eq!(code, Some(2));
    let lines = said.lines().filter(|line| line.contains(&address)).collect::<Vec<_>>();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("GRPC_ADDR") && lines[0].contains("in use"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn database_that_is_not_up_yet_is_waited_for() {
    // Port 1 is reserved: nothing listens there.
    let mut running = Running::start("postgres://someone:hunter2@127.0.0.1:1/x");
    running.until("the database does not answer");
    assert_eq!((running.get("/livez"), running.get("/readyz")), (200, 503));
    let (code, said) = running.terminate();
    assert_eq!(code, Some(0));
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn database_that_hangs_is_not_ready_and_does_not_hold_up_the_end() {
    // The system accepts connections that nobody ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://someone:hunter2@{}/x", silent.local_addr().unwrap());
    let mut running = Running::start(&url);
    running.until("the database does not answer");
    assert_eq!((running.get("/livez"), running.get("/readyz")), (200, 503));
    assert_eq!(running.terminate().0, Some(0));
}

artisan_testkit::on_engine!(mariadb, MariaDb, unknown_database_ends_the_program);
artisan_testkit::on_engine!(mysql, MySql, unknown_database_ends_the_program);
artisan_testkit::on_engine!(postgres, Postgres, unknown_database_ends_the_program);

async fn unknown_database_ends_the_program(database: TestDatabase) {
    let (server, _) = database.url().rsplit_once('/').unwrap();
    let url = format!("{server}/no_such_database");
    let (code, said) =
        tokio::task::spawn_blocking(move || ended(&mut program(&url))).await.unwrap();
    assert_eq!(code, Some(2), "{said}");
    let lines = said.lines().filter(|line| line.starts_with("user-service: DATABASE_URL"));
    assert_eq!(lines.count(), 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_program_serves_keeps_secrets_and_ends_cleanly() {
    let database = TestDatabase::create(Engine::Sqlite).await;
    let files = artisan_migrations::SQLITE.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
    let mut running = Running::start(database.url());
    running.until("the database is ready");
    assert_eq!((running.get("/livez"), running.get("/readyz")), (200, 200));
    let channel = Channel::from_shared(format!("http://{}", running.grpc)).unwrap();
    let mut auth = AuthServiceClient::new(channel.connect().await.unwrap());
    let (email, password) = ("someone@example.com".to_owned(), "Senha-Secreta-1".to_owned());
    let refused = auth.create_session(CreateSessionRequest { email, password }).await;
    assert_eq!(refused.unwrap_err().code(), tonic::Code::Unauthenticated);
    let metrics = running.page("/metrics");
    for metric in [
        "db_client_connection_count{db_client_connection_pool_name=\"primary\",db_client_connection_state=\"idle\"",
        "db_client_connection_max{db_client_connection_pool_name=\"primary\"} 10",
        "db_client_connection_pending_requests{db_client_connection_pool_name=\"primary\"} 0",
        "db_client_connection_wait_time_seconds_count{db_client_connection_pool_name=\"primary\"}",
    ] {
        assert!(metrics.contains(metric), "{metric} is not in:\n{metrics}");
    }
    drop(auth);
    let (code, said) = running.terminate();
    assert_eq!(code, Some(0), "{said}");
    for secret in ["someone@example.com", "Senha-Secreta-1", "PRIVATE KEY"] {
        assert!(!said.contains(secret), "{secret} is in the log: {said}");
    }
    assert!(said.contains("AuthService/CreateSession"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn file_that_is_no_database_is_told_once() {
    let database = TestDatabase::create(Engine::Sqlite).await;
    let path = database.url().strip_prefix("sqlite://").unwrap();
    std::fs::write(path, "no database, and long enough to be seen as none. ".repeat(20)).unwrap();
    let mut running = Running::start(database.url());
    let line = running.until("the schema cannot be read");
    assert_eq!(line.matches("file is not a database").count(), 1, "{line}");
    assert!(line.contains("DATABASE_URL must name"), "{line}");
    assert_eq!(running.terminate().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn terminated_program_lets_no_call_in_flight_fail() {
    let database = TestDatabase::create(Engine::Sqlite).await;
    let files = artisan_migrations::SQLITE.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
    let mut command = program(database.url());
    // Slow enough to be in flight at the signal.
    command.env("ARGON2_ITERATIONS", "16").env("HASH_THREADS", "1").env("REQUEST_TIMEOUT", "2m");
    let mut running = Running::start_as(command.env("SHUTDOWN_GRACE", "2m"));
    running.until("the database is ready");
    let channel = Channel::from_shared(format!("http://{}", running.grpc)).unwrap();
    let channel = channel.connect().await.unwrap();
    let calls = (0..6).map(|_| {
        let mut auth = AuthServiceClient::new(channel.clone());
        let (email, password) = ("someone@example.com".to_owned(), "Senha-Secreta-1".to_owned());
        let request = CreateSessionRequest { email, password };
        tokio::spawn(async move { auth.create_session(request).await.unwrap_err().code() })
    });
    let calls = calls.collect::<Vec<_>>();
    while !running.page("/metrics").contains("rpc_server_active_calls{} 6")
        && !running.page("/metrics").contains("rpc_server_active_calls 6")
    {
        assert!(calls.iter().all(|call| !call.is_finished()), "{}", running.page("/metrics"));
        tokio::task::yield_now().await;
    }
    let ended = tokio::task::spawn_blocking(move || running.terminate()).await.unwrap();
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    for call in calls {
        assert_eq!(call.await.unwrap(), tonic::Code::Unauthenticated);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn call_too_many_is_counted_by_its_method_as_others_are() {
    let database = TestDatabase::create(Engine::Sqlite).await;
    let files = artisan_migrations::SQLITE.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
    let mut command = program(database.url());
    command.env("ARGON2_ITERATIONS", "64").env("HASH_THREADS", "1").env("REQUEST_TIMEOUT", "2m");
    let mut running = Running::start_as(command.env("MAX_CONCURRENT_CALLS", "1"));
    running.until("the database is ready");
    let channel = Channel::from_shared(format!("http://{}", running.grpc)).unwrap();
    let mut auth = AuthServiceClient::new(channel.connect().await.unwrap());
    let (email, password) = ("someone@example.com".to_owned(), "Senha-Secreta-1".to_owned());
    let request = CreateSessionRequest { email, password };
    let (mut other, first) = (auth.clone(), request.clone());
    let served = tokio::spawn(async move { other.create_session(first).await.unwrap_err().code() });
    running.until_page("/metrics", "rpc_server_active_calls 1");
    let refused = auth.create_session(request).await.unwrap_err().code();
    assert_eq!(refused, tonic::Code::ResourceExhausted);
    assert_eq!(served.await.unwrap(), tonic::Code::Unauthenticated);
    let metrics = running.page("/metrics");
    let shed =
        "rpc_server_shed_calls_total{rpc_method=\"artisan.user.v1.AuthService/CreateSession\"} 1";
    assert!(metrics.contains(shed), "{metrics}");
}

#[test]
fn broken_certificate_is_told_and_measured_while_the_old_one_serves() {
    let authority = CertificateAuthority::generate();
    let folder = tempfile::tempdir().unwrap();
    let own = authority.issue(&["localhost"]);
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    write("tls.pem", &own.certificate);
    write("key.pem", &own.key);
    let mut command = program("postgres://someone@127.0.0.1:1/x");
    command
        .env("TLS_CERT", folder.path().join("tls.pem"))
        .env("TLS_KEY", folder.path().join("key.pem"));
    let mut running = Running::start_as(&mut command);
    running.until_page("/metrics", "tls_files_stale 0");
    write("tls.pem", "rubbish");
    let line = running.until("those from before stay in force");
    assert!(line.contains("TLS_CERT"), "{line}");
    let metrics = running.page("/metrics");
    assert!(metrics.contains("tls_files_stale 1"), "{metrics}");
    assert!(metrics.contains("tls_reloads_total{outcome=\"refused\"} 1"), "{metrics}");
    write("tls.pem", &own.certificate);
    running.until("and are in force");
    let metrics = running.page("/metrics");
    assert!(metrics.contains("tls_files_stale 0"), "{metrics}");
    assert_eq!(running.terminate().0, Some(0));

    // A start with it is refused, in one line.
    write("tls.pem", "rubbish");
    let (code, said) = ended(&mut command);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.lines().filter(|line| line.contains("TLS_CERT")).count(), 1, "{said}");
}
