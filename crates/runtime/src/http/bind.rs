//! Taking a port, with an error that says what to do.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::exit::Exit;

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another process listens there.
    #[error(
        "{variable}: {address} is already in use; stop the other program, or set {variable} to another address (port 0 takes any free one)"
    )]
    InUse {
        /// The variable that holds the address.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
    },
    /// The port is reserved, as those below 1024 mostly are.
    #[error(
        "{variable}: not permitted to listen on {address}; set {variable} to a port above 1023"
    )]
    NotPermitted {
        /// The variable that holds the address.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
    },
    /// The host has no such address.
    #[error("{variable}: this machine has no address {}; set {variable} to one that it has, or to 0.0.0.0:{}", address.ip(), address.port())]
    NoSuchAddress {
        /// The variable that holds the address.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
    },
    /// The system refused for another reason.
    #[error("{variable}: cannot listen on {address}")]
    Refused {
        /// The variable that holds the address.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
        /// The system's answer.
        source: io::Error,
    },
}

impl BindError {
    /// The exit code of a program that cannot have its port: somebody has to change something.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::InUse { .. } | Self::NotPermitted { .. } | Self::NoSuchAddress { .. } => {
                Exit::Config
            }
            Self::Refused { .. } => Exit::Failed,
        }
    }
}

/// Listens on the address that `variable` holds.
pub async fn bind(address: SocketAddr, variable: &'static str) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => BindError::InUse { variable, address },
        ErrorKind::PermissionDenied => BindError::NotPermitted { variable, address },
        ErrorKind::AddrNotAvailable => BindError::NoSuchAddress { variable, address },
        _ => BindError::Refused { variable, address, source },
    })
}
