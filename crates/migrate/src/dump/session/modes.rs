use std::collections::BTreeSet;

/// What the runner adds to the server's own mode, as sqlx does.
const ADDED: [&str; 3] = ["PIPES_AS_CONCAT", "IGNORE_SPACE", "NO_ENGINE_SUBSTITUTION"];

/// Of those the ones that a mode has.
pub(super) fn added(mode: &str) -> Option<String> {
    let mode = words(mode);
    let found: Vec<&str> = ADDED.into_iter().filter(|word| mode.contains(word)).collect();
    (!found.is_empty()).then(|| found.join(","))
}

/// What decides where a text or a body ends: a file has to say it.
const CUTTING: [&str; 3] = ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ORACLE"];

/// Whether a text of this mode ends elsewhere for who takes the mode for the usual one.
pub(super) fn is_misread(mode: &str, text: &str) -> bool {
    words(mode).iter().any(|word| CUTTING.contains(word) && reads(word, text))
}

/// The expression of a mode that makes of the text, as the server shows it in its plain mode, what it says;
/// nothing where the session's own does. `refused` are words of it that would not make it at all.
pub(in crate::dump) fn fitting(own: &str, text: &str, refused: &[&str]) -> Option<String> {
    const OTHERWISE: [&str; 3] = ["EMPTY_STRING_IS_NULL", "NO_BACKSLASH_ESCAPES", "ORACLE"];
    let own = words(own);
    let otherwise = OTHERWISE.iter().filter(|word| own.contains(**word) && reads(word, text));
    let mode = refused
        .iter()
        .chain(otherwise)
        .fold("@@sql_mode".to_owned(), |mode, word| format!("REPLACE({mode}, '{word}', '')"));
    (mode != "@@sql_mode").then_some(mode)
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
    fn text_is_made_in_a_mode_that_reads_it_so() {
        let text = r"CREATE TABLE `t` (`a` text COMMENT 'C:\\x')";
        let without = "REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')";
        let own = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES";
        assert_eq!(fitting(own, text, &[]).as_deref(), Some(without));
        assert_eq!(fitting(own, "CREATE TABLE `t` (`a` text)", &[]), None);
        assert_eq!(fitting("STRICT_TRANS_TABLES", text, &[]), None);
        let oracle = fitting("ORACLE", "SELECT 1", &["NO_ZERO_DATE"]);
        let both = "REPLACE(REPLACE(@@sql_mode, 'NO_ZERO_DATE', ''), 'ORACLE', '')";
        assert_eq!(oracle.as_deref(), Some(both));
        assert!(
            is_misread("ANSI_QUOTES", "SELECT \"a\"") && !is_misread("ANSI_QUOTES", "SELECT a")
        );
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
