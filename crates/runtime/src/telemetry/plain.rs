use std::fmt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes `warning: message field=value`: what a command-line tool has to say to whoever ran it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain;

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = word(*event.metadata().level());
        if writer.has_ansi_escapes() && *event.metadata().level() <= Level::WARN {
            write!(writer, "\u{1b}[33m{level}\u{1b}[0m ")?;
        } else if !level.is_empty() {
            write!(writer, "{level} ")?;
        }
        context.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error:",
        Level::WARN => "warning:",
        Level::INFO => "",
        Level::DEBUG => "debug:",
        Level::TRACE => "trace:",
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::{Layer, fmt};

    use super::Plain;

    fn written(is_colourful: bool, log: impl FnOnce()) -> String {
        let out = Arc::new(tempfile::tempfile().unwrap());
        let layer = fmt::layer().with_writer(out.clone()).with_ansi(is_colourful);
        let layer = layer.event_format(Plain).boxed();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let mut text = String::new();
        out.as_ref().rewind().unwrap();
        out.as_ref().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn line_is_level_message_and_fields_without_time_or_spans() {
        let text = written(false, || {
            let _span = tracing::info_span!("migrate.file", file = "a.sql").entered();
            tracing::warn!(table = %"old", "no transaction takes its rows back");
            tracing::info!("one by one");
        });
        assert_eq!(text, "warning: no transaction takes its rows back table=old\none by one\n");
        let text = written(true, || tracing::error!("lost"));
        assert_eq!(text, "\u{1b}[33merror:\u{1b}[0m lost\n");
    }
}
