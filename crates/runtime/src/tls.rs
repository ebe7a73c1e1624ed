//! TLS from mounted files, which may be replaced while the program runs.

mod client;
mod env;
mod reload;
mod server;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::rustls;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

pub use client::{ClientTls, speak};
pub use reload::Reloading;
pub use server::ServerTls;

/// A file, and the variable that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFile {
    /// Such as `TLS_CERT`.
    pub variable: &'static str,
    /// Where it is.
    pub path: PathBuf,
}

/// A file is of no use. The text says which variable names it, and nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {message}")]
pub struct TlsError {
    /// The variable that names the file.
    pub variable: &'static str,
    /// What is wrong with the file.
    pub message: String,
}

impl TlsError {
    fn new(file: &TlsFile, problem: impl fmt::Display) -> Self {
        Self { variable: file.variable, message: format!("{} {problem}", file.path.display()) }
    }
}

/// A file's content; keys are among them.
type Content = Zeroizing<Vec<u8>>;

/// The names (DNS and URI, so SPIFFE ids too) in a certificate that was verified.
#[must_use]
pub fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return Vec::new() };
    let names = certificate.valid_dns_names().chain(certificate.valid_uri_names());
    names.map(str::to_owned).collect()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn chain(file: &TlsFile, content: &Content) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(content).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|_| TlsError::new(file, "is not PEM"))?;
    if chain.is_empty() {
        return Err(TlsError::new(file, "holds no certificate"));
    }
    Ok(chain)
}

fn key(file: &TlsFile, content: &Content) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(content).map_err(|_| TlsError::new(file, "holds no private key"))
}

fn roots(file: &TlsFile, content: &Content) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(file, content)? {
        let added = roots.add(certificate);
        added.map_err(|_| TlsError::new(file, "holds a certificate that cannot be trusted"))?;
    }
    Ok(roots)
}
