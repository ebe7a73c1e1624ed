use super::{ServerTls, TlsFile};
use crate::env::{Checker, Var};

impl ServerTls {
    /// The files that `TLS_CERT`, `TLS_KEY` and `TLS_CLIENT_CA` name; what is wrong with their contents
    /// is told at once.
    pub fn from_variables(
        check: &mut Checker,
        certificate: Var<String>,
        key: Var<String>,
        client_ca: Var<String>,
    ) -> Option<Self> {
        let mut file = |var, variable| {
            let path: Option<String> = check.optional(var, variable);
            path.map(|path| TlsFile { variable, path: path.into() })
        };
        let certificate = file(certificate, "TLS_CERT");
        let key = file(key, "TLS_KEY");
        let client_ca = file(client_ca, "TLS_CLIENT_CA");
        if certificate.is_none() && (key.is_some() || client_ca.is_some()) {
            check.problem("TLS_CERT", "is needed with TLS_KEY and TLS_CLIENT_CA");
        }
        if certificate.is_some() && key.is_none() {
            check.problem("TLS_KEY", "is needed with TLS_CERT");
        }
        let tls = Self { certificate: certificate?, key: key?, client_ca };
        if let Err(error) = tls.read() {
            check.problem(error.variable, error.message);
        }
        Some(tls)
    }
}
