use std::collections::BTreeSet;

/// What the runner adds to the server's own mode, as sqlx does.
const ADDED: [&str; 3] = ["PIPES_AS_CONCAT", "IGNORE_SPACE", "NO_ENGINE_SUBSTITUTION"];

/// Of those the ones that a mode has.
pub(super) fn added(mode: &str) -> Option<String> {
    let mode = words(mode);
    let found: Vec<&str> = ADDED.into_iter().filter(|word| mode.contains(word)).collect();
    (!found.is_empty()).then(|| found.join(","))
}

/// What changes how a text is read or computed, and the sign in it without which nothing would be other:
/// <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html>, <https://mariadb.com/kb/en/sql-mode/>.
/// `IGNORE_SPACE` only decides what is refused.
const READING: [(&str, &str); 9] = [
    ("ANSI_QUOTES", "\""),
    ("EMPTY_STRING_IS_NULL", "''"),
    ("HIGH_NOT_PRECEDENCE", ""),
    ("NO_BACKSLASH_ESCAPES", "\\"),
    ("NO_UNSIGNED_SUBTRACTION", "-"),
    ("ORACLE", ""),
    ("PIPES_AS_CONCAT", "||"),
    ("REAL_AS_FLOAT", ""),
    ("SIMULTANEOUS_ASSIGNMENT", ""),
];

/// Whether an object of this text that files made under one mode differs from the live one by its mode; `usual`
/// is that of the session that made it where the files say none.
///
/// Words that the files leave to the server, of those that do not change how a text is read, are no difference:
/// servers are upgraded and set to another strictness, and nothing would be wrong with the object. Words that
/// they say, and a whole mode, are one.
pub(super) fn differ(text: &str, files: &str, live: &str, usual: &str) -> bool {
    let (files, live, usual) = (words(files), words(live), words(usual));
    let is_whole = ADDED.iter().any(|word| usual.contains(word) && !files.contains(word));
    let mut differing = files.symmetric_difference(&live);
    differing.any(|word| {
        let is_said = files.contains(word) != usual.contains(word);
        is_whole || is_said || reads(word, text)
    })
}

/// Whether the word changes how this text is read.
fn reads(word: &str, text: &str) -> bool {
    READING.iter().any(|(reading, sign)| *reading == word && text.contains(sign))
}

fn words(mode: &str) -> BTreeSet<&str> {
    mode.split(',').filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "SET NEW.a = NEW.b || 'x'";
    const USUAL: &str = "PIPES_AS_CONCAT,IGNORE_SPACE,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

    #[test]
    fn another_strictness_of_the_server_is_no_difference() {
        let earlier = USUAL.replace("STRICT_TRANS_TABLES", "NO_AUTO_CREATE_USER");
        assert!(!differ(BODY, USUAL, &earlier, USUAL));
        let (ansi, earlier_ansi) =
            (format!("{USUAL},ANSI_QUOTES"), format!("{earlier},ANSI_QUOTES"));
        assert!(!differ(BODY, &ansi, &earlier_ansi, USUAL));
        assert!(differ(BODY, &ansi, &earlier, USUAL));
        let direct = "IGNORE_SPACE,STRICT_TRANS_TABLES";
        assert!(!differ(BODY, direct, "IGNORE_SPACE", direct), "a proxy that takes the words away");
    }

    #[test]
    fn reading_and_what_the_files_say_are_differences() {
        let client = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";
        assert!(differ(BODY, USUAL, client, USUAL));
        assert!(differ(BODY, USUAL, "", USUAL));
        assert!(differ(BODY, "", client, USUAL));
        assert!(differ(BODY, client, "NO_ENGINE_SUBSTITUTION", USUAL));
        let lax = USUAL.replace("STRICT_TRANS_TABLES,", "");
        assert!(differ(BODY, &lax, USUAL, USUAL));
        assert!(!differ(BODY, client, client, USUAL));
        let plain = "SET NEW.a = NEW.b + 1";
        assert!(!differ(plain, USUAL, client, USUAL), "it reads the same");
    }
}
