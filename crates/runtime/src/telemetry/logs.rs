//! Logs on standard error.

use std::io::IsTerminal;
use std::str::FromStr;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::env::{ConfigError, Env};

/// The default filter: the transport crates say at `info` what nobody asked for.
const FILTER: &str =
    "info,h2=warn,hyper=warn,hyper_util=warn,tower=warn,opentelemetry=warn,sqlx=warn";

enum Format {
    Text,
    Json,
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

pub(super) fn layer<S>(env: &Env) -> Result<Box<dyn Layer<S> + Send + Sync>, ConfigError>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let terminal = std::io::stderr().is_terminal();
    let format = match env.get("LOG_FORMAT")? {
        Some(text) => {
            text.parse().map_err(|()| ConfigError::new("LOG_FORMAT", "is neither text nor json"))?
        }
        None if terminal => Format::Text,
        None => Format::Json,
    };
    Ok(match format {
        Format::Text => {
            let colours = terminal && env.get("NO_COLOR")?.is_none();
            fmt::layer().with_writer(std::io::stderr).with_ansi(colours).with_target(false).boxed()
        }
        Format::Json => json(std::io::stderr),
    })
}

/// One object per line, with all spans from the outermost: the request's id stands there, whatever
/// the innermost is.
fn json<S, W>(writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    fmt::layer()
        .with_writer(writer)
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .boxed()
}

pub(super) fn filter(env: &Env) -> Result<EnvFilter, ConfigError> {
    let text = env.get("RUST_LOG")?.unwrap_or_else(|| FILTER.to_owned());
    EnvFilter::try_new(text).map_err(|_| {
        ConfigError::new(
            "RUST_LOG",
            "is not a filter; write a level, or target=level pairs as in info,sqlx=debug",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::json;

    #[test]
    fn a_line_of_json_has_the_fields_of_all_spans() {
        let out = Arc::new(tempfile::tempfile().unwrap());
        let subscriber = tracing_subscriber::registry().with(json(out.clone()));
        tracing::subscriber::with_default(subscriber, || {
            let outer = tracing::info_span!("rpc", request.id = "abc-123").entered();
            let inner = tracing::info_span!("db.users.create").entered();
            tracing::warn!(code = 7, "it failed");
            drop((inner, outer));
        });
        let mut text = String::new();
        out.as_ref().rewind().unwrap();
        out.as_ref().read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in [r#""request.id":"abc-123""#, r#""name":"db.users.create""#, r#""code":7"#] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
