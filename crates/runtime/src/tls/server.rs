use std::sync::Arc;

use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::WebPkiClientVerifier;

use super::{Content, Reloading, TlsError, TlsFile, chain, key, provider, roots};

/// The files of a server that speaks HTTP over TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTls {
    /// The certificate chain, in PEM.
    pub certificate: TlsFile,
    /// Its private key, in PEM.
    pub key: TlsFile,
    /// Who signs the certificates that clients must show, in PEM; without it they show none.
    pub client_ca: Option<TlsFile>,
}

impl ServerTls {
    /// Reads the files, for a server that speaks HTTP/2 only. What is made anew later resumes no session
    /// of before, so that a client's certificate is verified by the newest CA at each connection.
    pub fn read(&self) -> Result<Reloading<ServerConfig>, TlsError> {
        self.read_for(&[b"h2"])
    }

    /// The same, for a server that speaks HTTP/1.1 too.
    pub fn read_web(&self) -> Result<Reloading<ServerConfig>, TlsError> {
        self.read_for(&[b"h2", b"http/1.1"])
    }

    fn read_for(
        &self,
        protocols: &'static [&'static [u8]],
    ) -> Result<Reloading<ServerConfig>, TlsError> {
        let mut files = vec![self.certificate.clone(), self.key.clone()];
        files.extend(self.client_ca.clone());
        let this = self.clone();
        Reloading::read(files, Box::new(move |contents| this.build(contents, protocols)))
    }

    fn build(&self, contents: &[Content], protocols: &[&[u8]]) -> Result<ServerConfig, TlsError> {
        let missing = || TlsError::new(&self.certificate, "was not read");
        let [certificate_file, key_file, rest @ ..] = contents else { return Err(missing()) };
        let chain = chain(&self.certificate, certificate_file)?;
        let secret = key(&self.key, key_file)?;
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::new(&self.certificate, error))?;
        let builder = match (&self.client_ca, rest) {
            (Some(file), [content, ..]) => {
                let roots = Arc::new(roots(file, content)?);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
                let verifier = verifier.build().map_err(|error| TlsError::new(file, error))?;
                builder.with_client_cert_verifier(verifier)
            }
            (None, _) => builder.with_no_client_auth(),
            (Some(_), []) => return Err(missing()),
        };
        let mut config = builder.with_single_cert(chain, secret).map_err(|_| {
            TlsError::new(&self.key, "does not belong to the certificate, or is of no known kind")
        })?;
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Ok(config)
    }
}
