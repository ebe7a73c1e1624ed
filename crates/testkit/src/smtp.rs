//! A mail server for tests: as much of SMTP (RFC 5321) as a client needs, and the ways in which real servers
//! let clients down.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who signs the server's certificate, in PEM.
pub const SMTP_CA: &str = include_str!("smtp/ca.pem");

/// What the server does with one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpBehaviour {
    /// Takes the mail.
    Accept,
    /// Greets with a code of its own, and closes the connection.
    Greet(u16),
    /// Answers a command with a code of its own: such as `RCPT` with 550.
    Answer(&'static str, u16),
    /// Closes the connection instead of answering a command.
    DropAt(&'static str),
    /// Closes the connection instead of greeting.
    DropAtGreeting,
    /// Closes the connection after the whole mail has come, and does not keep it.
    DropAfterData,
    /// Keeps the mail, and closes the connection before it says so.
    KeepAndDrop,
    /// Keeps the mail, and says so late.
    AcceptAfter(Duration),
    /// Never answers.
    Hang,
}

impl SmtpBehaviour {
    fn drops_at(self, command: &str) -> bool {
        matches!(self, Self::DropAt(dropped) if dropped == command)
    }
}

/// How the server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all.
    None,
    /// After `STARTTLS`.
    StartTls,
    /// From the first byte on.
    Implicit,
}

/// A mail that the server has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The address of `MAIL FROM`.
    pub from: String,
    /// The addresses of `RCPT TO`.
    pub to: Vec<String>,
    /// Header and body as they were sent, without the dots that SMTP adds.
    pub data: String,
    /// Whether it came through TLS.
    pub is_encrypted: bool,
    /// The response to `AUTH PLAIN`, if there was one.
    pub credentials: Option<String>,
}

/// A running server, which ends with this value.
#[derive(Debug)]
pub struct SmtpServer {
    port: u16,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    tls: SmtpTls,
    received: Mutex<Vec<ReceivedMail>>,
    script: Mutex<VecDeque<SmtpBehaviour>>,
    connections: Mutex<u32>,
    arrived: Notify,
}

impl SmtpServer {
    /// Starts a server that takes every mail, in plain text.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn start() -> Self {
        Self::start_with(SmtpTls::None).await
    }

    /// Starts a server that takes every mail.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn start_with(tls: SmtpTls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            tls,
            received: Mutex::default(),
            script: Mutex::default(),
            connections: Mutex::default(),
            arrived: Notify::new(),
        });
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { port, shared, serving }
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the next connections meet, one after another; after them mails are taken again.
    pub fn next(&self, behaviours: impl IntoIterator<Item = SmtpBehaviour>) {
        lock(&self.shared.script).extend(behaviours);
    }

    /// The mails that were taken, in their order.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedMail> {
        lock(&self.shared.received).clone()
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> u32 {
        *lock(&self.shared.connections)
    }

    /// Waits until so many mails were taken.
    ///
    /// # Panics
    /// When they do not come within half a minute.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let waiting = async {
            loop {
                let arrived = self.shared.arrived.notified();
                let received = self.received();
                if received.len() >= count {
                    return received;
                }
                arrived.await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        waited.unwrap_or_else(|_| panic!("{count} mails did not come: {:?}", self.received()))
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // A client that goes away ends its session and nothing else.
        sessions.spawn(async move { session(stream, &shared).await.ok() });
    }
}

async fn session(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    *lock(&shared.connections) += 1;
    let behaviour = lock(&shared.script).pop_front().unwrap_or(SmtpBehaviour::Accept);
    match behaviour {
        SmtpBehaviour::DropAtGreeting => return Ok(()),
        SmtpBehaviour::Hang => std::future::pending::<()>().await,
        _ => {}
    }
    if shared.tls == SmtpTls::Implicit {
        let mut session = Session::new(acceptor().accept(stream).await?, shared, behaviour, true);
        session.say("220 mail.test ESMTP").await?;
        return session.run().await.map(drop);
    }
    let mut session = Session::new(stream, shared, behaviour, false);
    if let SmtpBehaviour::Greet(code) = behaviour {
        return session.say(&format!("{code} mail.test")).await;
    }
    session.say("220 mail.test ESMTP").await?;
    if let End::StartTls = session.run().await? {
        let stream = acceptor().accept(session.stream.into_inner()).await?;
        Session::new(stream, shared, behaviour, true).run().await?;
    }
    Ok(())
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("smtp/certificate.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("smtp/key.pem"));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("a certificate")], key.expect("a key"));
    TlsAcceptor::from(Arc::new(config.expect("a certificate with its key")))
}

enum End {
    Closed,
    StartTls,
}

struct Session<'a, S> {
    stream: BufReader<S>,
    shared: &'a Shared,
    behaviour: SmtpBehaviour,
    is_encrypted: bool,
    from: String,
    to: Vec<String>,
    credentials: Option<String>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Session<'a, S> {
    fn new(stream: S, shared: &'a Shared, behaviour: SmtpBehaviour, is_encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        let (from, to, credentials) = (String::new(), Vec::new(), None);
        Self { stream, shared, behaviour, is_encrypted, from, to, credentials }
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    async fn run(&mut self) -> std::io::Result<End> {
        while let Some(line) = self.line().await? {
            let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let command = command.to_ascii_uppercase();
            if let SmtpBehaviour::Answer(refused, code) = self.behaviour
                && refused == command
            {
                // As real servers do, the address is repeated.
                self.say(&format!("{code} not now: {rest}")).await?;
                continue;
            }
            if self.behaviour.drops_at(&command) {
                return Ok(End::Closed);
            }
            match command.as_str() {
                "EHLO" => {
                    let starttls = self.shared.tls == SmtpTls::StartTls && !self.is_encrypted;
                    let starttls = if starttls { "250-STARTTLS\r\n" } else { "" };
                    let all = "250-mail.test\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n";
                    self.say(&format!("{all}{starttls}250 SMTPUTF8")).await?;
                }
                "STARTTLS" => {
                    self.say("220 go on").await?;
                    return Ok(End::StartTls);
                }
                "AUTH" => {
                    self.credentials = rest.split_once(' ').map(|(_, text)| text.to_owned());
                    self.say("235 welcome").await?;
                }
                "MAIL" => {
                    self.from = address(rest);
                    self.say("250 ok").await?;
                }
                "RCPT" => {
                    self.to.push(address(rest));
                    self.say("250 ok").await?;
                }
                "DATA" => {
                    self.say("354 go on").await?;
                    let data = self.data().await?;
                    if !self.take(data).await? {
                        return Ok(End::Closed);
                    }
                }
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(End::Closed);
                }
                "NOOP" | "RSET" => self.say("250 ok").await?,
                _ => self.say("500 what?").await?,
            }
        }
        Ok(End::Closed)
    }

    /// Until the line with a single dot; without the dots that were doubled (section 4.5.2).
    async fn data(&mut self) -> std::io::Result<String> {
        let mut data = String::new();
        while let Some(line) = self.line().await? {
            if line == "." {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
        }
        Ok(data)
    }

    /// Whether the session goes on.
    async fn take(&mut self, data: String) -> std::io::Result<bool> {
        match self.behaviour {
            SmtpBehaviour::DropAfterData => return Ok(false),
            SmtpBehaviour::AcceptAfter(time) => tokio::time::sleep(time).await,
            _ => {}
        }
        lock(&self.shared.received).push(ReceivedMail {
            from: std::mem::take(&mut self.from),
            to: std::mem::take(&mut self.to),
            data,
            is_encrypted: self.is_encrypted,
            credentials: self.credentials.clone(),
        });
        self.shared.arrived.notify_waiters();
        if self.behaviour == SmtpBehaviour::KeepAndDrop {
            return Ok(false);
        }
        self.say("250 taken").await?;
        Ok(true)
    }
}

/// What stands between `<` and `>`.
fn address(text: &str) -> String {
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(text, |(address, _)| address).to_owned()
}
