//! The program while it runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use artisan_user_service::token::SigningKeys;

/// The program with nothing in its environment but what it needs to begin.
pub(crate) fn program(database_url: &str) -> Command {
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
pub(crate) fn ended(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The program while it runs.
pub(crate) struct Running {
    child: Child,
    log: BufReader<ChildStderr>,
    said: String,
    pub(crate) grpc: SocketAddr,
    admin: SocketAddr,
}

impl Running {
    pub(crate) fn start(database_url: &str) -> Self {
        Self::start_as(&mut program(database_url))
    }

    /// The same with more in its environment.
    pub(crate) fn start_as(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
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
    pub(crate) fn until(&mut self, text: &str) -> String {
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
    pub(crate) fn get(&self, path: &str) -> u16 {
        self.page(path).split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// A page on the admin port, with its status line and headers.
    pub(crate) fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.admin).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits until a page of the admin port, which answers before the rest is there, holds a text.
    pub(crate) fn until_page(&self, path: &str, text: &str) {
        let begin = Instant::now();
        loop {
            let page = self.page(path);
            if page.contains(text) {
                return;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "{page}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it at once, as SIGKILL does, in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM and waits: the exit code and everything that was said.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
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
