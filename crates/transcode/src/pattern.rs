/// A path template, taken apart at build time.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// The segments, those inside of variables included.
    pub segments: &'static [Segment],
    /// The verb after the last segment's colon.
    pub verb: Option<&'static str>,
    /// The variables.
    pub captures: &'static [Capture],
}

/// One segment of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// This text.
    Literal(&'static str),
    /// `*`: any one segment that is not empty.
    Any,
    /// `**`: all segments that are left, none too. It stands last.
    Rest,
}

/// A variable of a template: the run of segments that it takes.
#[derive(Debug, Clone, Copy)]
pub struct Capture {
    /// The path of the field that it sets, `user.name`.
    pub field: &'static str,
    /// The first segment.
    pub start: usize,
    /// The segment after the last; with `**`, the run goes on to the end of the path.
    pub end: usize,
    /// Whether it can take more than one segment: then `%2F` is not decoded.
    pub is_multi: bool,
}
