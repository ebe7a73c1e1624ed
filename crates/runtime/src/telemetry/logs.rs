//! Logs on standard error.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use super::plain::Plain;
use crate::env::{ConfigError, Env};

/// The default filter: the transport crates say at `info` what nobody asked for.
const FILTER: &str =
    "info,h2=warn,hyper=warn,hyper_util=warn,tower=warn,opentelemetry=warn,sqlx=warn";

/// How lines of a log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, as `tracing` writes it: time, level, spans, message.
    Text,
    /// For people who watch one command: level and message.
    Plain,
    /// One object per line.
    Json,
}

impl LogFormat {
    /// What `LOG_FORMAT` says, else text on a terminal and JSON otherwise.
    pub fn of_service(env: &Env) -> Result<Self, ConfigError> {
        let usual = if std::io::stderr().is_terminal() { Self::Text } else { Self::Json };
        Self::read(env, Self::Text, usual)
    }

    /// Plain lines, unless `LOG_FORMAT` says `json`.
    pub fn of_tool(env: &Env) -> Result<Self, ConfigError> {
        Self::read(env, Self::Plain, Self::Plain)
    }

    fn read(env: &Env, text: Self, usual: Self) -> Result<Self, ConfigError> {
        match env.get("LOG_FORMAT")?.as_deref() {
            None => Ok(usual),
            Some("text") => Ok(text),
            Some("json") => Ok(Self::Json),
            Some(_) => Err(ConfigError::new("LOG_FORMAT", "is neither text nor json")),
        }
    }
}

pub(super) fn layer<S>(
    env: &Env,
    format: LogFormat,
    writer: BoxMakeWriter,
) -> Result<Box<dyn Layer<S> + Send + Sync>, ConfigError>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let colours = std::io::stderr().is_terminal() && env.get("NO_COLOR")?.is_none();
    let lines = || fmt::layer().with_ansi(colours);
    Ok(match format {
        LogFormat::Text => lines().with_writer(writer).with_target(false).boxed(),
        LogFormat::Plain => {
            // The program itself tells what goes on; spans of that are for traces.
            let usual = env.get("RUST_LOG")?.is_none().then_some(LevelFilter::WARN);
            lines().with_writer(writer).event_format(Plain).with_filter(usual).boxed()
        }
        LogFormat::Json => json(writer),
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
