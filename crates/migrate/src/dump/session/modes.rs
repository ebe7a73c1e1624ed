use std::collections::BTreeSet;

/// What the runner adds to the server's own mode, as sqlx does.
const ADDED: [&str; 3] = ["PIPES_AS_CONCAT", "IGNORE_SPACE", "NO_ENGINE_SUBSTITUTION"];

/// What changes how a text is read or computed:
/// <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html>, <https://mariadb.com/kb/en/sql-mode/>.
const READING: [&str; 10] = [
    "ANSI_QUOTES",
    "EMPTY_STRING_IS_NULL",
    "HIGH_NOT_PRECEDENCE",
    "IGNORE_SPACE",
    "NO_BACKSLASH_ESCAPES",
    "NO_UNSIGNED_SUBTRACTION",
    "ORACLE",
    "PIPES_AS_CONCAT",
    "REAL_AS_FLOAT",
    "SIMULTANEOUS_ASSIGNMENT",
];

/// Whether an object that files made under one mode differs from the live one by its mode; `usual` is that of the
/// session that made it where the files say none.
///
/// Words that the files leave to the server, of those that do not change how a text is read, are no difference:
/// servers are upgraded and set to another strictness, and nothing would be wrong with the object. Words that
/// they say, and a whole mode, are one.
pub(super) fn differ(files: &str, live: &str, usual: &str) -> bool {
    let (files, live, usual) = (words(files), words(live), words(usual));
    let is_whole = ADDED.iter().any(|word| usual.contains(word) && !files.contains(word));
    let mut differing = files.symmetric_difference(&live);
    differing.any(|word| {
        let is_said = files.contains(word) != usual.contains(word);
        is_whole || is_said || READING.contains(word)
    })
}

fn words(mode: &str) -> BTreeSet<&str> {
    mode.split(',').filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "PIPES_AS_CONCAT,IGNORE_SPACE,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

    #[test]
    fn another_strictness_of_the_server_is_no_difference() {
        let earlier = USUAL.replace("STRICT_TRANS_TABLES", "NO_AUTO_CREATE_USER");
        assert!(!differ(USUAL, &earlier, USUAL));
        let (ansi, earlier_ansi) =
            (format!("{USUAL},ANSI_QUOTES"), format!("{earlier},ANSI_QUOTES"));
        assert!(!differ(&ansi, &earlier_ansi, USUAL));
        assert!(differ(&ansi, &earlier, USUAL));
        let direct = "IGNORE_SPACE,STRICT_TRANS_TABLES";
        assert!(!differ(direct, "IGNORE_SPACE", direct), "a proxy that takes the words away");
    }

    #[test]
    fn reading_and_what_the_files_say_are_differences() {
        let client = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";
        assert!(differ(USUAL, client, USUAL));
        assert!(differ(USUAL, "", USUAL));
        assert!(differ("", client, USUAL));
        assert!(differ(client, "NO_ENGINE_SUBSTITUTION", USUAL));
        let lax = USUAL.replace("STRICT_TRANS_TABLES,", "");
        assert!(differ(&lax, USUAL, USUAL));
        assert!(!differ(client, client, USUAL));
    }
}
