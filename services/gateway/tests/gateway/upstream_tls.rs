//! The service behind TLS, which wants to see a certificate.

use std::path::{Path, PathBuf};

use artisan_gateway::Config;
use artisan_proto::artisan::user::v1::User;
use artisan_runtime::env::Env;
use artisan_testkit::{Certificate, CertificateAuthority};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{self, Identity, Server, ServerTlsConfig};

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
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A service that lets in who has a certificate of the authority; its address.
async fn service(upstream: &Upstream, authority: &CertificateAuthority) -> String {
    let Certificate { certificate, key } = authority.issue(&["localhost"]);
    let ca = transport::Certificate::from_pem(authority.pem());
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(certificate, key));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut server = Server::builder().tls_config(tls.client_ca_root(ca)).unwrap();
    let serving = server.add_routes(upstream.routes());
    tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn gateway_shows_its_certificate_and_checks_that_of_the_service() {
    let (authority, stranger) =
        (CertificateAuthority::generate(), CertificateAuthority::generate());
    let upstream = Upstream::saying(&User { name: "users/u1".to_owned(), ..User::default() });
    let address = service(&upstream, &authority).await;
    let files = Files::new();
    let (good, bad) = (authority.issue(&["gateway"]), stranger.issue(&["gateway"]));
    let ca = files.write("ca.pem", authority.pem());
    let other_ca = files.write("other.pem", stranger.pem());
    for (ca, own, status) in [(&ca, &good, 200), (&ca, &bad, 503), (&other_ca, &good, 503)] {
        let cert = files.write("tls.pem", &own.certificate);
        let key = files.write("key.pem", &own.key);
        let variables = [
            ("USER_SERVICE_URL", address.as_str()),
            ("USER_SERVICE_CA", text(ca)),
            ("USER_SERVICE_CERT", text(&cert)),
            ("USER_SERVICE_KEY", text(&key)),
        ];
        let stack = Stack::before_tls(upstream.clone(), &variables).await;
        assert_eq!(stack.get("/v1/users/u1").await.status, status, "{ca:?}");
    }
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn files_and_address_have_to_go_together() {
    let files = Files::new();
    let authority = CertificateAuthority::generate();
    let ca = files.write("ca.pem", authority.pem());
    let rubbish = files.write("rubbish.pem", "hunter2");
    for (variables, named) in [
        (vec![("USER_SERVICE_URL", "https://users:50051")], "USER_SERVICE_CA"),
        (vec![("USER_SERVICE_CA", text(&ca))], "USER_SERVICE_URL"),
        (
            vec![("USER_SERVICE_URL", "https://users:50051"), ("USER_SERVICE_CA", text(&rubbish))],
            "USER_SERVICE_CA",
        ),
        (
            vec![
                ("USER_SERVICE_URL", "https://users:50051"),
                ("USER_SERVICE_CA", text(&ca)),
                ("USER_SERVICE_CERT", text(&ca)),
            ],
            "USER_SERVICE_CERT",
        ),
    ] {
        let error = Config::from_env(&Env::from_pairs(variables)).unwrap_err();
        assert_eq!(error.problems()[0].variable, named, "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
