//! Colours for whoever looks at a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are obeyed.

use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// What a word means, whatever colour that has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Bad,
    Careful,
    Good,
    Place,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Careful => AnsiColor::Yellow.on_default(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Place => AnsiColor::Cyan.on_default(),
        }
    }
}

/// A text for standard output.
pub(crate) fn out(tone: Tone, text: &str) -> String {
    static IS_COLOURFUL: OnceLock<bool> = OnceLock::new();
    let choice = || AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
    painted(*IS_COLOURFUL.get_or_init(choice), tone, text)
}

/// A text for standard error.
pub(crate) fn error(tone: Tone, text: &str) -> String {
    static IS_COLOURFUL: OnceLock<bool> = OnceLock::new();
    let choice = || AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
    painted(*IS_COLOURFUL.get_or_init(choice), tone, text)
}

fn painted(is_colourful: bool, tone: Tone, text: &str) -> String {
    if !is_colourful || text.is_empty() {
        return text.to_owned();
    }
    let style = tone.style();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_painted_only_where_colours_are_seen() {
        assert_eq!(painted(true, Tone::Careful, "a"), "\u{1b}[33ma\u{1b}[0m");
        assert_eq!(painted(true, Tone::Bad, ""), "");
        assert_eq!(painted(false, Tone::Bad, "a"), "a");
    }
}
