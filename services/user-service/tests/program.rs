#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
//! The program as an operator sees it: exit codes, what it says, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};

use artisan_proto::artisan::user::v1::CreateSessionRequest;
use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_testkit::{Engine, TestDatabase};
use artisan_user_service::token::SigningKeys;
use tonic::transport::Channel;

/// The program with nothing in its environment but what it needs to begin.
fn program(database_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_user-service"));
    command
        .env_clear()
        .current_dir(std::env::temp_dir())
        .env("DATABASE_URL", database_url)
        .env("TOKEN_SIGNING_KEY", SigningKeys::generate_pem().unwrap().as_str())
        .env("GRPC_ADDR", "127.0.0.1:0")
        .env("ADMIN_ADDR", "127.0.0.1:0")
        .env("DRAIN_DELAY", "0s")
        .env("RUST_LOG", "debug")
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end: the exit code and what it said.
fn ended(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The program while it runs.
struct Running {
    child: Child,
    log: BufReader<ChildStderr>,
    said: String,
    grpc: SocketAddr,
    admin: SocketAddr,
}

impl Running {
    fn start(database_url: &str) -> Self {
        let mut child = program(database_url).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut this = Self { child, log, said: String::new(), grpc: nowhere, admin: nowhere };
        let line = this.until("listening");
        let address = |name: &str| {
            let (_, rest) = line.split_once(&format!("\"{name}\":\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        (this.grpc, this.admin) = (address("grpc"), address("admin"));
        this
    }

    /// The next line of the log with this text.
    fn until(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "the log ended without {text:?}:\n{}", self.said);
            self.said.push_str(&line);
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The status of a page on the admin port.
    fn get(&self, path: &str) -> u16 {
        let mut stream = TcpStream::connect(self.admin).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Sends SIGTERM and waits: the exit code and everything that was said.
    fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.log.read_to_string(&mut self.said).unwrap();
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.said))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    assert_eq!(running.get("/metrics"), 200);
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
