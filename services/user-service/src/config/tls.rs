use artisan_runtime::env::{Checker, Var};
use artisan_runtime::secret::Secret;

/// What is needed to speak TLS: the contents of the files that the variables name.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate chain, in PEM.
    pub certificate: String,
    /// Its private key, in PEM.
    pub key: Secret,
    /// Who signs the certificates that clients must show, in PEM; without it they show none.
    pub client_ca: Option<String>,
}

impl Tls {
    pub(super) fn read(
        check: &mut Checker,
        certificate: Var<String>,
        key: Var<String>,
        client_ca: Var<String>,
    ) -> Option<Self> {
        let mut file = |var, name: &str| {
            let path: Option<String> = check.optional(var, name);
            path.map(|path| {
                std::fs::read_to_string(&path).unwrap_or_else(|error| {
                    check.problem(name, format!("cannot read {path}: {error}"));
                    String::new()
                })
            })
        };
        let certificate = file(certificate, "TLS_CERT");
        let key = file(key, "TLS_KEY").map(Secret::new);
        let client_ca = file(client_ca, "TLS_CLIENT_CA");
        if certificate.is_none() && (key.is_some() || client_ca.is_some()) {
            check.problem("TLS_CERT", "is needed with TLS_KEY and TLS_CLIENT_CA");
        }
        if certificate.is_some() && key.is_none() {
            check.problem("TLS_KEY", "is needed with TLS_CERT");
        }
        Some(Self { certificate: certificate?, key: key?, client_ca })
    }
}
