use std::error::Error;
use std::fmt;
use std::time::Duration;

use artisan_store::StoreError;
use async_nats::connection::State;
use async_nats::header::{HeaderMap, NATS_MESSAGE_ID};
use async_nats::jetstream::Context;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::{Client, ConnectError};
use thiserror::Error;

use super::cloud_event::{CONTENT_TYPE, CloudEvent};
use crate::config::NatsSettings;

const ACK_TIMEOUT: Duration = Duration::from_secs(5);

/// Why events have to wait.
#[derive(Debug, Error)]
pub enum RelayError {
    /// The database does not give them.
    #[error("the database does not answer")]
    Database(#[from] StoreError),
    /// NATS does not answer, or does not let this service in.
    #[error("NATS cannot be connected to")]
    Connect(#[from] ConnectError),
    /// No stream of `JetStream` listens: one has to be made.
    #[error("no stream of JetStream takes {subject}, or none that has a leader")]
    NoStream {
        /// The subject under which the event was sent.
        subject: String,
    },
    /// `JetStream` did not say that it has the event.
    #[error("JetStream did not acknowledge an event")]
    Publish(#[source] PublishError),
    /// The event cannot be written as JSON.
    #[error("an event cannot be encoded")]
    Encoding(#[source] Box<dyn Error + Send + Sync>),
}

impl RelayError {
    pub(super) fn encoding(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Encoding(Box::new(error))
    }

    /// A name of few, for metrics.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Database(_) => "database",
            Self::Connect(_) => "connection",
            Self::NoStream { .. } => "no_stream",
            Self::Publish(_) => "publish",
            Self::Encoding(_) => "encoding",
        }
    }
}

/// A connection to `JetStream`.
pub(super) struct Link {
    client: Client,
    context: Context,
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Link").finish_non_exhaustive()
    }
}

impl Link {
    pub(super) async fn connect(settings: &NatsSettings) -> Result<Self, RelayError> {
        let client = settings.options().connect(settings.servers.clone()).await?;
        let mut context = async_nats::jetstream::new(client.clone());
        context.set_timeout(ACK_TIMEOUT);
        Ok(Self { client, context })
    }

    pub(super) fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Sends an event and waits until a stream has it.
    pub(super) async fn publish(&self, event: CloudEvent) -> Result<(), RelayError> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_MESSAGE_ID, event.id);
        headers.insert("Content-Type", CONTENT_TYPE);
        let subject = event.kind;
        let sent = self.context.publish_with_headers(subject.clone(), headers, event.body.into());
        let acked = match sent.await {
            Ok(ack) => ack.await,
            Err(error) => Err(error),
        };
        match acked {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == PublishErrorKind::StreamNotFound => {
                Err(RelayError::NoStream { subject })
            }
            Err(error) => Err(RelayError::Publish(error)),
        }
    }
}
