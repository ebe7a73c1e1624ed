use super::Script;
use crate::split::open_comment;
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
}

impl Unfit {
    pub(crate) const fn told(&self) -> &'static str {
        match self {
            Self::Nul => "here is a NUL byte",
            Self::OpenComment { .. } => "the comment that begins here has no end",
        }
    }
}

impl Script {
    /// The first such place in the text, by its line.
    pub(crate) fn find_unfit(&self, engine: Engine) -> Option<(usize, Unfit)> {
        let (at, unfit) = if let Some(at) = self.text.find('\0') {
            (at, Unfit::Nul)
        } else {
            let at = open_comment(engine, &self.text)?;
            let hides = self.text.get(at..).is_some_and(|inside| inside.contains(';'));
            (at, Unfit::OpenComment { hides })
        };
        let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Some((line, unfit))
    }

    /// Refuses a text of which something would be passed over, before anything of it is sent.
    ///
    /// Fails with [`Error::Usage`] (`NEVER_RUN`).
    pub(crate) fn refuse_unfit(&self, engine: Engine) -> Result<(), Error> {
        let Some((line, unfit)) = self.find_unfit(engine) else { return Ok(()) };
        let cure = match unfit {
            Unfit::Nul => {
                "which engines do not take: remove it, or write it in the SQL as an escape or as \
                 hexadecimal digits"
            }
            Unfit::OpenComment { hides: false } => return Ok(()),
            Unfit::OpenComment { hides: true } => {
                "so that what follows would never run: close it by */"
            }
        };
        let message = format!(
            "{}:{line}: {}, {cure}; where a database has the file already, record the mended one there by \
             `migrate repair --accept`",
            self.file,
            unfit.told()
        );
        Err(Error::usage("NEVER_RUN", message))
    }
}
