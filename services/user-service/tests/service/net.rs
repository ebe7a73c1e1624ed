//! The service behind a port of its own, and clients that reach it over connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_runtime::tls::{ServerTls, TlsFile};
use artisan_testkit::{Certificate, CertificateAuthority};
use artisan_user_service::App;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::{self, Channel, ClientTlsConfig, Endpoint, Identity};

/// A server that ends with the test.
pub(crate) struct Net {
    pub(crate) address: SocketAddr,
    serving: tokio::task::JoinHandle<Outcome>,
}

impl Drop for Net {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Net {
    pub(crate) async fn start(app: &App) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = Shutdown::new(Duration::ZERO, Duration::from_secs(30));
        let app = app.clone();
        let serving =
            tokio::spawn(
                async move { app.serve(listener, Readiness::new(), shutdown).await.unwrap() },
            );
        Self { address, serving }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Channel::from_shared(format!("http://{}", self.address)).unwrap()
    }

    /// A channel, and how many connections it has made.
    pub(crate) fn counted(&self) -> (Channel, Arc<AtomicUsize>) {
        let (made, address) = (Arc::new(AtomicUsize::new(0)), self.address);
        let counter = Arc::clone(&made);
        let connector = tower::service_fn(move |_: Uri| {
            counter.fetch_add(1, Ordering::SeqCst);
            async move { TcpStream::connect(address).await.map(TokioIo::new) }
        });
        (self.endpoint().connect_with_connector_lazy(connector), made)
    }
}

/// A service with certificates of a CA that is made for the test.
pub(crate) struct Tls {
    pub(crate) authority: CertificateAuthority,
    folder: tempfile::TempDir,
}

impl Tls {
    pub(crate) fn new() -> Self {
        let authority = CertificateAuthority::generate();
        let this = Self { authority, folder: tempfile::tempdir().unwrap() };
        this.write("ca.pem", this.authority.pem());
        let own = this.authority.issue(&["localhost"]);
        this.write("tls.pem", &own.certificate);
        this.write("key.pem", &own.key);
        this
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn file(&self, variable: &'static str, name: &str) -> TlsFile {
        TlsFile { variable, path: self.folder.path().join(name) }
    }

    pub(crate) fn server(&self) -> ServerTls {
        ServerTls {
            certificate: self.file("TLS_CERT", "tls.pem"),
            key: self.file("TLS_KEY", "key.pem"),
            client_ca: Some(self.file("TLS_CLIENT_CA", "ca.pem")),
        }
    }

    /// Connects; with a certificate or without one.
    pub(crate) async fn connect(
        &self,
        net: &Net,
        identity: Option<&Certificate>,
    ) -> Result<Channel, transport::Error> {
        let ca = transport::Certificate::from_pem(self.authority.pem());
        let mut tls = ClientTlsConfig::new().ca_certificate(ca).domain_name("localhost");
        if let Some(Certificate { certificate, key }) = identity {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        let endpoint = Channel::from_shared(format!("https://{}", net.address)).unwrap();
        endpoint.tls_config(tls)?.connect().await
    }

    /// Connects with a certificate of these names.
    pub(crate) async fn connect_as(&self, net: &Net, names: &[&str]) -> Channel {
        self.connect(net, Some(&self.authority.issue(names))).await.unwrap()
    }
}
