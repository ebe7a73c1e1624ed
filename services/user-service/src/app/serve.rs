use std::time::Duration;

use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_runtime::tls::TlsError;
use thiserror::Error;
use tokio::net::TcpListener;

use super::App;
use crate::health::unready;
use crate::server::{self, Limits};

/// What a call has beyond its own time when its connection is old.
const SLACK: Duration = Duration::from_secs(5);

/// Why serving ended before its time.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The certificate, the key or the client CA cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl App {
    /// What [`Self::serve`] and [`Self::watch`] keep true. It does not hold before their first look at the
    /// database, so that whoever shows it sooner says nothing wrong.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let readiness = Readiness::new();
        unready(&readiness);
        readiness
    }

    /// Serves until the shutdown is over, and keeps readiness and health true meanwhile.
    ///
    /// At the drain the health says `NOT_SERVING`; at the stop clients get GOAWAY and calls in
    /// flight finish; when the shutdown cuts off, nothing is waited for.
    pub async fn serve(
        &self,
        listener: TcpListener,
        readiness: Readiness,
        shutdown: Shutdown,
    ) -> Result<Outcome, ServeError> {
        let tls = self.tls.as_ref().map(artisan_runtime::tls::ServerTls::read).transpose()?;
        let follow = async {
            match &tls {
                Some(tls) => tls.follow().await,
                None => std::future::pending().await,
            }
        };
        let limits = Limits {
            age: self.max_connection_age,
            grace: self.request_timeout + SLACK,
            ..Limits::default()
        };
        let serving =
            Box::pin(server::serve(listener, self.routes(), tls.clone(), limits, shutdown.clone()));
        let watching = Box::pin(self.watch(readiness, shutdown.clone()));
        tokio::select! {
            (outcome, ()) = async { tokio::join!(serving, watching) } => Ok(outcome),
            () = shutdown.cut_off() => Ok(Outcome::CutOff),
            () = follow => Ok(Outcome::CutOff),
        }
    }
}
