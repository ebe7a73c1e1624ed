use super::Script;
use crate::split::misread;
use crate::{Engine, Error};

/// What no engine would run as it stands.
pub(crate) enum Unfit {
    /// A NUL byte, which ends the text for one driver and breaks the connection of another.
    Nul,
    /// A block comment that has no end, and whether statements seem to be in it.
    OpenComment {
        /// A remark that only lacks its end hides nothing.
        hides: bool,
    },
    /// A line feed is missing where a comment was to end, and statements seem to follow.
    HidingReturn,
}

impl Unfit {
    pub(crate) const fn told(&self) -> &'static str {
        match self {
            Self::Nul => "here is a NUL byte",
            Self::OpenComment { .. } => "the comment that begins here has no end",
            Self::HidingReturn => {
                "a carriage return without a line feed does not end the comment here"
            }
        }
    }

    /// What that leads to, and what to do about it.
    pub(crate) const fn cure(&self) -> &'static str {
        match self {
            Self::Nul => {
                "which engines do not take: remove it, or write it in the SQL as an escape or as \
                 hexadecimal digits"
            }
            Self::OpenComment { .. } => "so that what follows would never run: close it by */",
            Self::HidingReturn => {
                "so that the statement behind it would never run: convert the file to line feeds"
            }
        }
    }
}

impl Script {
    /// The first such place in the text, by its line.
    pub(crate) fn find_unfit(&self, engine: Engine) -> Option<(usize, Unfit)> {
        let (at, unfit) = if let Some(at) = self.text.find('\0') {
            (at, Unfit::Nul)
        } else {
            let misread = misread(engine, &self.text);
            let hides = |at: usize| self.text.get(at..).is_some_and(|inside| inside.contains(';'));
            let open = misread.open_comment;
            let open = open.map(|at| (at, Unfit::OpenComment { hides: hides(at) }));
            let hiding = misread.hiding_return.map(|at| (at, Unfit::HidingReturn));
            // An open comment, which is the last of the file, may be told and yet not be refused.
            hiding.or(open)?
        };
        let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Some((line, unfit))
    }

    /// Refuses a text of which something would be passed over, before anything of it is sent.
    ///
    /// Fails with [`Error::Usage`] (`NEVER_RUN`).
    pub(crate) fn refuse_unfit(&self, engine: Engine) -> Result<(), Error> {
        let Some((line, unfit)) = self.find_unfit(engine) else { return Ok(()) };
        // A remark that only lacks its end.
        if matches!(unfit, Unfit::OpenComment { hides: false }) {
            return Ok(());
        }
        let message = format!(
            "{}:{line}: {}, {}; where a database has the file already, record the mended one there by \
             `migrate repair --accept`",
            self.file,
            unfit.told(),
            unfit.cure()
        );
        Err(Error::usage("NEVER_RUN", message))
    }
}
