use super::Script;
use crate::split::open_comment;
use crate::{Engine, Error};

impl Script {
    /// What of the text no engine would run as it stands, and on which line.
    ///
    /// A NUL byte ends the text for one driver and breaks the connection of another; a block comment
    /// without an end swallows the rest of the file.
    pub(crate) fn find_unfit(&self, engine: Engine) -> Option<(usize, &'static str)> {
        if let Some(at) = self.text.find('\0') {
            let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            return Some((line, "here is a NUL byte"));
        }
        let line = open_comment(engine, &self.text)?;
        Some((line, "the comment that begins here has no end"))
    }

    /// Refuses such a text before anything of it is sent.
    ///
    /// Fails with [`Error::Usage`] (`NEVER_RUN`).
    pub(crate) fn refuse_unfit(&self, engine: Engine) -> Result<(), Error> {
        let Some((line, what)) = self.find_unfit(engine) else { return Ok(()) };
        let message = format!(
            "{}:{line}: {what}, so that what follows would never run: close the comment by */, or remove \
             the byte",
            self.file
        );
        Err(Error::usage("NEVER_RUN", message))
    }
}
