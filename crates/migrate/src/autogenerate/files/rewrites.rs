use std::collections::BTreeSet;

use crate::author::Drafted;
use crate::lint::{Request, lint};
use crate::{Engine, History};

/// Says before each statement that writes a table anew that it does, and what waits for it, as lint knows it; that
/// such a statement is generated is no reason not to know what it costs. Whether there is any.
pub(super) fn tell(engine: Engine, history: &History, made: &mut Drafted) -> bool {
    let request = Request { only: Some(vec![made.version]), ..Request::new(engine) };
    let mut found = lint(&request, history);
    found.retain(|finding| finding.name.ends_with("-rewrites"));
    for (name, text) in &mut made.files {
        let of_file = found.iter().filter(|finding| finding.file == *name);
        let told: BTreeSet<(usize, &str)> =
            of_file.map(|finding| (finding.place.line, finding.message.as_str())).collect();
        let mut lines = String::with_capacity(text.len());
        for (at, line) in text.split_inclusive('\n').enumerate() {
            let of_line = told.iter().filter(|(line, _)| *line == at + 1);
            lines.extend(of_line.map(|(_, message)| format!("-- rewrites: {message}\n")));
            lines.push_str(line);
        }
        *text = lines;
    }
    !found.is_empty()
}
