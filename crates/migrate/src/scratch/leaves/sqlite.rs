use super::Reach;
use super::words::Words;
use crate::Engine;

/// `ATTACH 'file'` and `VACUUM INTO 'file'`; a scratch is in memory, and so may be what is attached.
pub(super) fn reach(sql: &str) -> Option<Reach> {
    let words = Words::new(Engine::Sqlite, sql);
    match words.upper(0).as_str() {
        "ATTACH" => {
            let file = 1 + usize::from(words.is(1, "DATABASE"));
            let is_memory = words.get(file).is_some_and(|t| matches!(t.text, "':memory:'" | "''"))
                && words.is(file + 1, "AS");
            (!is_memory).then(|| Reach::file("it opens another file"))
        }
        "VACUUM" if words.has(0, "INTO") => Some(Reach::file("it writes another file")),
        _ => None,
    }
}
