/// One change of a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// What changes.
    pub(crate) name: &'static str,
    /// The schema as it is.
    pub(crate) from: &'static str,
    /// The schema as it is to be; `-- @renamed` is honoured.
    pub(crate) to: &'static str,
    /// Rows, put in before the change.
    pub(crate) rows: &'static str,
    /// A query of one text column that answers the same before the change, after it, and after the way
    /// back: nothing of the data is lost.
    pub(crate) kept: Option<&'static str>,
    /// Words that stand in the statements of the way up: how it is done.
    pub(crate) written: &'static [&'static str],
    /// Words that must not stand there.
    pub(crate) not_written: &'static [&'static str],
    /// Whether a statement of the way up loses data, and says so; `None` if that is not asked.
    pub(crate) loses: Option<bool>,
    /// What the server says when the way up fails on the rows, so that nothing is cut down.
    pub(crate) refused: Option<&'static str>,
    /// Whether a policy is to be put on again whose text cannot be told with the new names, so that nothing may run.
    pub(crate) is_untold: bool,
    /// What no engine gives back, and the catalog may print otherwise after the way back: a listed
    /// exception, with its reason.
    pub(crate) exception: Option<&'static str>,
    /// Made by chance: nobody has said how it is done, nor what is lost.
    pub(crate) unforeseen: bool,
}

impl Case {
    /// A change that keeps no rows and loses none.
    pub(crate) const fn new(name: &'static str, from: &'static str, to: &'static str) -> Self {
        Self {
            name,
            from,
            to,
            rows: "",
            kept: None,
            written: &[],
            not_written: &[],
            loses: Some(false),
            refused: None,
            is_untold: false,
            exception: None,
            unforeseen: false,
        }
    }

    /// With rows of which `kept` always tells the same.
    pub(crate) const fn keeps(self, rows: &'static str, kept: &'static str) -> Self {
        Self { rows, kept: Some(kept), ..self }
    }

    /// With rows that are there and of which nothing is asked.
    pub(crate) const fn filled(self, rows: &'static str) -> Self {
        Self { rows, ..self }
    }

    /// With words that stand in the statements of the way up.
    pub(crate) const fn by(self, written: &'static [&'static str]) -> Self {
        Self { written, ..self }
    }

    /// With words that must not stand there.
    pub(crate) const fn never_by(self, not_written: &'static [&'static str]) -> Self {
        Self { not_written, ..self }
    }

    /// Whose way up says what it loses.
    pub(crate) const fn loses(self) -> Self {
        Self { loses: Some(true), ..self }
    }

    /// With rows on which the way up fails, and what the server says then.
    pub(crate) const fn refuses(self, rows: &'static str, said: &'static str) -> Self {
        Self { rows, refused: Some(said), ..self }
    }

    /// Of which nothing may run, since a policy's text cannot be told with the new names.
    pub(crate) const fn untold(self) -> Self {
        Self { is_untold: true, ..self }
    }

    /// After which the catalog may print something else than before, for a reason.
    pub(crate) const fn except(self, reason: &'static str) -> Self {
        Self { exception: Some(reason), ..self }
    }
}
