//! Clients over TLS: HTTP/1.1, HTTP/2 and gRPC on one port.

use std::path::PathBuf;
use std::sync::Arc;

use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{GetUserRequest, User};
use artisan_runtime::tls::{ClientTls, TlsFile};
use artisan_testkit::{Certificate, CertificateAuthority};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::transport::{self, ClientTlsConfig, Endpoint};

use crate::stack::Stack;
use crate::upstream::Upstream;

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Puts a certificate where the gateway looks for it.
    fn install(&self, certificate: &Certificate) {
        self.write("tls.pem", &certificate.certificate);
        self.write("key.pem", &certificate.key);
    }

    fn client(
        &self,
        authority: &CertificateAuthority,
        own: Option<&Certificate>,
    ) -> Arc<ClientConfig> {
        let file = |path| TlsFile { variable: "TEST", path };
        let identity = own.map(|own| {
            let certificate = self.write("client.pem", &own.certificate);
            (file(certificate), file(self.write("client-key.pem", &own.key)))
        });
        let ca = file(self.write("roots.pem", authority.pem()));
        ClientTls { ca, identity }.read().unwrap().current()
    }

    async fn stack(&self, more: &[(&str, PathBuf)]) -> Stack {
        let (cert, key) = (self.0.path().join("tls.pem"), self.0.path().join("key.pem"));
        let mut variables = vec![("TLS_CERT", cert), ("TLS_KEY", key)];
        variables.extend_from_slice(more);
        let pairs: Vec<_> =
            variables.iter().map(|(name, path)| (*name, path.to_str().unwrap())).collect();
        Stack::with(Upstream::saying(&user()), &pairs).await
    }
}

fn user() -> User {
    User { name: "users/u1".to_owned(), ..User::default() }
}

/// Connects, offering one protocol.
async fn connect(
    stack: &Stack,
    config: &ClientConfig,
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut config = config.clone();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(stack.address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn get(mut stream: TlsStream<TcpStream>) -> String {
    let request = b"GET /v1/users/u1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(request).await;
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    text
}

#[tokio::test]
async fn browsers_and_grpc_clients_are_served_over_tls() {
    let (files, authority) = (Files::new(), CertificateAuthority::generate());
    files.install(&authority.issue(&["localhost"]));
    let stack = files.stack(&[]).await;
    let client = files.client(&authority, None);
    let stream = connect(&stack, &client, "http/1.1").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
    let answer = get(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    let stream = connect(&stack, &client, "h2").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));

    let ca = transport::Certificate::from_pem(authority.pem());
    let uri = format!("https://localhost:{}", stack.address.port());
    let endpoint = Endpoint::from_shared(uri).unwrap();
    let endpoint = endpoint.tls_config(ClientTlsConfig::new().ca_certificate(ca)).unwrap();
    let mut users = UserServiceClient::new(endpoint.connect().await.unwrap());
    let request = GetUserRequest { name: "users/u1".to_owned() };
    assert_eq!(users.get_user(request).await.unwrap().into_inner(), user());
}

#[tokio::test]
async fn who_speaks_no_tls_is_not_answered() {
    let (files, authority) = (Files::new(), CertificateAuthority::generate());
    files.install(&authority.issue(&["localhost"]));
    let stack = files.stack(&[]).await;
    let mut stream = TcpStream::connect(stack.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: g\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[tokio::test]
async fn with_a_client_ca_only_its_clients_are_served() {
    let (files, authority) = (Files::new(), CertificateAuthority::generate());
    let stranger = CertificateAuthority::generate();
    files.install(&authority.issue(&["localhost"]));
    let ca = files.write("client-ca.pem", authority.pem());
    let stack = files.stack(&[("TLS_CLIENT_CA", ca)]).await;
    let (good, bad) = (authority.issue(&["shop"]), stranger.issue(&["shop"]));
    for (own, is_served) in [(None, false), (Some(&bad), false), (Some(&good), true)] {
        let client = files.client(&authority, own);
        let answer = match connect(&stack, &client, "http/1.1").await {
            Ok(stream) => get(stream).await,
            Err(_) => String::new(),
        };
        assert_eq!(answer.starts_with("HTTP/1.1 200"), is_served, "{answer}");
    }
}

#[tokio::test]
async fn replaced_files_hold_for_new_connections() {
    let (files, old) = (Files::new(), CertificateAuthority::generate());
    files.install(&old.issue(&["localhost"]));
    let stack = files.stack(&[]).await;
    let new = CertificateAuthority::generate();
    files.install(&new.issue(&["localhost"]));
    stack.tls.as_ref().unwrap().look();
    let client = files.client(&new, None);
    let answer = get(connect(&stack, &client, "http/1.1").await.unwrap()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let client = files.client(&old, None);
    assert!(connect(&stack, &client, "http/1.1").await.is_err());
}

#[test]
fn files_have_to_go_together() {
    for (name, named) in [("TLS_KEY", "TLS_CERT"), ("TLS_CERT", "TLS_KEY")] {
        let env = artisan_runtime::env::Env::from_pairs([(name, "/nowhere.pem")]);
        let error = artisan_gateway::Config::from_env(&env).unwrap_err();
        assert_eq!(error.problems()[0].variable, named, "{error}");
    }
}
