#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]
//! TLS files that are replaced while they are in use.

use std::path::Path;
use std::sync::Arc;

use artisan_runtime::tls::{ClientTls, ServerTls, TlsFile, names};
use artisan_testkit::{Certificate, CertificateAuthority};
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// A folder as Kubernetes mounts one: the files are links through `..data`, which is turned to
/// another folder at once.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(ca: &str, identity: &Certificate) -> Self {
        let this = Self(tempfile::tempdir().unwrap());
        this.replace("first", ca, identity);
        for name in ["ca.crt", "tls.crt", "tls.key"] {
            let target = Path::new("..data").join(name);
            std::os::unix::fs::symlink(target, this.0.path().join(name)).unwrap();
        }
        this
    }

    fn replace(&self, version: &str, ca: &str, identity: &Certificate) {
        let folder = self.0.path().join(version);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("ca.crt"), ca).unwrap();
        std::fs::write(folder.join("tls.crt"), &identity.certificate).unwrap();
        std::fs::write(folder.join("tls.key"), &identity.key).unwrap();
        let new = self.0.path().join("..data_tmp");
        std::os::unix::fs::symlink(version, &new).unwrap();
        std::fs::rename(new, self.0.path().join("..data")).unwrap();
    }

    fn file(&self, variable: &'static str, name: &str) -> TlsFile {
        TlsFile { variable, path: self.0.path().join(name) }
    }

    fn server(&self) -> ServerTls {
        ServerTls {
            certificate: self.file("TLS_CERT", "tls.crt"),
            key: self.file("TLS_KEY", "tls.key"),
            client_ca: Some(self.file("TLS_CLIENT_CA", "ca.crt")),
        }
    }

    fn client(&self) -> ClientTls {
        let identity = (self.file("CERT", "tls.crt"), self.file("KEY", "tls.key"));
        ClientTls { ca: self.file("CA", "ca.crt"), identity: Some(identity) }
    }
}

/// The names in the certificates of both ends, if they take each other.
async fn handshake(
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
) -> Option<(Vec<String>, Vec<String>)> {
    let (near, far) = tokio::io::duplex(1 << 16);
    let name = ServerName::try_from("localhost").unwrap();
    let accept = TlsAcceptor::from(server).accept(near);
    let connect = TlsConnector::from(client).connect(name, far);
    let (accepted, connected) = tokio::join!(accept, connect);
    let (accepted, connected) = (accepted.ok()?, connected.ok()?);
    assert_eq!(accepted.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let of_client = names(&accepted.get_ref().1.peer_certificates()?[0]);
    let of_server = names(&connected.get_ref().1.peer_certificates()?[0]);
    Some((of_client, of_server))
}

#[tokio::test]
async fn replaced_files_are_in_force_at_the_next_look() {
    let (old, new) = (CertificateAuthority::generate(), CertificateAuthority::generate());
    let mount = Mount::new(old.pem(), &old.issue(&["localhost", "old.example"]));
    let called = Mount::new(old.pem(), &old.issue(&["spiffe://shop.example/orders"]));
    let (server, client) = (mount.server().read().unwrap(), called.client().read().unwrap());
    let (of_client, of_server) = handshake(server.current(), client.current()).await.unwrap();
    assert_eq!(of_client, ["spiffe://shop.example/orders"]);
    assert_eq!(of_server, ["localhost", "old.example"]);

    mount.replace("second", new.pem(), &new.issue(&["localhost", "new.example"]));
    server.look();
    // Each end has another authority now.
    assert_eq!(handshake(server.current(), client.current()).await, None);

    called.replace("second", new.pem(), &new.issue(&["orders.example"]));
    client.look();
    let (of_client, of_server) = handshake(server.current(), client.current()).await.unwrap();
    assert_eq!(of_client, ["orders.example"]);
    assert_eq!(of_server, ["localhost", "new.example"]);
}

#[tokio::test]
async fn files_that_are_of_no_use_leave_the_old_ones_in_force() {
    let authority = CertificateAuthority::generate();
    let identity = authority.issue(&["localhost"]);
    let mount = Mount::new(authority.pem(), &identity);
    let (server, client) = (mount.server().read().unwrap(), mount.client().read().unwrap());
    let other = authority.issue(&["localhost"]);
    let mixed = Certificate { certificate: identity.certificate.clone(), key: other.key };
    let broken = Certificate { certificate: "hunter2".to_owned(), key: identity.key.clone() };
    let empty = Certificate { certificate: identity.certificate.clone(), key: String::new() };
    for (version, ca, identity) in [
        ("mixed", authority.pem(), &mixed),
        ("broken", authority.pem(), &broken),
        ("empty", authority.pem(), &empty),
        ("no ca", "", &identity),
    ] {
        let before = server.current();
        mount.replace(version, ca, identity);
        server.look();
        assert!(Arc::ptr_eq(&server.current(), &before), "{version} was taken");
        assert!(handshake(server.current(), client.current()).await.is_some());
        let error = mount.server().read().unwrap_err().to_string();
        assert!(error.starts_with("TLS_") && !error.contains("hunter2"), "{version}: {error}");
    }
    mount.replace("good", authority.pem(), &authority.issue(&["localhost", "good.example"]));
    server.look();
    let (_, of_server) = handshake(server.current(), client.current()).await.unwrap();
    assert_eq!(of_server, ["localhost", "good.example"]);
}
