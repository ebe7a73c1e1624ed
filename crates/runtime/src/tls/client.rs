use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{Content, Reloading, TlsError, TlsFile, chain, key, provider, roots};

/// The files of a client that speaks HTTP/2 over TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientTls {
    /// Who signs the server's certificate, in PEM.
    pub ca: TlsFile,
    /// The client's certificate chain and its private key, in PEM, if the server wants one.
    pub identity: Option<(TlsFile, TlsFile)>,
}

impl ClientTls {
    /// Reads the files.
    pub fn read(&self) -> Result<Reloading<ClientConfig>, TlsError> {
        let mut files = vec![self.ca.clone()];
        files.extend(self.identity.iter().flat_map(|(cert, key)| [cert.clone(), key.clone()]));
        let this = self.clone();
        Reloading::read(files, Box::new(move |contents| this.build(contents)))
    }

    fn build(&self, contents: &[Content]) -> Result<ClientConfig, TlsError> {
        let missing = || TlsError::new(&self.ca, "was not read");
        let [ca, rest @ ..] = contents else { return Err(missing()) };
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::new(&self.ca, error))?
            .with_root_certificates(roots(&self.ca, ca)?);
        let mut config = match (&self.identity, rest) {
            (Some((cert_file, key_file)), [cert, secret, ..]) => {
                let (chain, secret) = (chain(cert_file, cert)?, key(key_file, secret)?);
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(|_| TlsError::new(key_file, "does not belong to the certificate"))?
            }
            (None, _) => builder.with_no_client_auth(),
            (Some(_), _) => return Err(missing()),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }
}

/// Speaks TLS over a connection, with whoever can show that it is `host`: a name, or an address as it stands
/// in a URI.
pub async fn speak(
    config: Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    // An IPv6 address stands in brackets in a URI, and nowhere else.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    TlsConnector::from(config).connect(name, stream).await
}
