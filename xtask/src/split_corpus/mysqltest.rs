//! The SQL in the tests of MySQL and MariaDB, without the commands of mysqltest, which runs them. Its
//! `delimiter` becomes the client's. Lines keep their numbers.

use super::Unit;
use super::tally::Tally;

/// The first words of mysqltest's commands, and of the client's own.
const COMMANDS: &str = " assert change_user character_set chmod clear close connect connection \
    copy_file copy_files_wildcard dec die dirty_close disconnect echo edit ego end error eval \
    evalp execw exec exit file_exists force-cpdir force-rmdir go help horizontal_results if inc \
    let list_files list_files_append_file list_files_write_file lowercase_result mkdir move_file \
    nopager notee nowarning output pager ping print prompt query query_attributes query_get_value \
    query_horizontal query_vertical quit real_sleep reap rehash remove_file \
    remove_files_wildcard replace_column replace_numeric_round replace_regex replace_result \
    require reset_connection result_format rmdir sandbox save_master_pos send send_eval send_quit \
    send_shutdown shutdown_server skip skip_if_hypergraph sleep sorted_result partially_sorted_result \
    source start_timer end_timer status sync_slave_with_master sync_with_master system tee \
    use vertical_results wait_for_slave_to_stop while optimizer_trace ps_protocol diff_files \
    disable disable_info enable_info query_log charset costs ";
/// Commands that are followed by lines of another language.
const FOREIGN: [&str; 3] = ["perl", "write_file", "append_file"];
/// Beginnings of further commands.
const STARTS: [&str; 5] = ["disable_", "enable_", "$", "{", "}"];
/// What follows the backslash of client commands that reach beyond the client.
const FAR: &str = "!.TePRQqsuU#";

/// The file as one text.
pub(crate) fn unit(file: &str, text: &str, tally: &mut Tally) -> Unit {
    let mut reader = Reader { delimiter: ";".to_owned(), state: State::Start };
    let lines: Vec<String> = text.lines().map(|line| reader.read(line, tally)).collect();
    Unit { file: file.to_owned(), line: 1, text: lines.join("\n") }
}

struct Reader {
    delimiter: String,
    state: State,
}

#[derive(Clone, PartialEq)]
enum State {
    /// A statement or a command begins.
    Start,
    /// In a statement.
    Statement,
    /// In a command.
    Command,
    /// In lines of another language, up to the line that is this word.
    Foreign(String),
}

impl Reader {
    fn read(&mut self, line: &str, tally: &mut Tally) -> String {
        let is_end = self.ends(line);
        match &self.state {
            State::Foreign(end) => {
                if line.trim() == end {
                    self.state = State::Start;
                }
                String::new()
            }
            State::Command => {
                self.state = if is_end { State::Start } else { State::Command };
                String::new()
            }
            State::Statement => {
                self.state = if is_end { State::Start } else { State::Statement };
                harmless(line)
            }
            State::Start => self.begin(line, is_end, tally),
        }
    }

    fn begin(&mut self, line: &str, is_end: bool, tally: &mut Tally) -> String {
        let text = line.trim();
        if text.is_empty() {
            // Behind blanks, or a comment that they keep, the clients take a DELIMITER for SQL.
            return String::new();
        }
        if text.starts_with('#') {
            return harmless(text);
        }
        let (command, is_whole_line) = match text.strip_prefix("--") {
            Some(command) => (command.trim_start(), true),
            None => (text, false),
        };
        let word = first_word(command);
        if word == "delimiter" {
            return self.change_delimiter(command, is_whole_line);
        }
        if FOREIGN.contains(&word.as_str()) {
            self.state = State::Foreign(foreign_end(&word, command));
        } else if is_whole_line || is_command(&word) {
            let is_block = matches!(word.as_str(), "if" | "while") || text.starts_with(['{', '}']);
            let goes_on = !is_end && !is_whole_line && !is_block;
            self.state = if goes_on { State::Command } else { State::Start };
        } else {
            self.state = if is_end { State::Start } else { State::Statement };
            return harmless(line);
        }
        tally.leave_out("mysqltest commands", 1);
        String::new()
    }

    fn change_delimiter(&mut self, command: &str, is_whole_line: bool) -> String {
        let rest = command.get("delimiter".len()..).unwrap_or_default().trim();
        let end = if is_whole_line { "" } else { self.delimiter.as_str() };
        let new = rest.strip_suffix(end).unwrap_or(rest).trim();
        if new.is_empty() || new.contains(['\\', '\'', '"', '`']) {
            return String::new();
        }
        new.clone_into(&mut self.delimiter);
        format!("DELIMITER {new}")
    }

    /// Whether the line ends with the delimiter, a comment behind it apart.
    fn ends(&self, line: &str) -> bool {
        line.match_indices(self.delimiter.as_str()).any(|(at, delimiter)| {
            let behind = line.get(at + delimiter.len()..).unwrap_or_default().trim();
            behind.is_empty()
                || behind.starts_with('#')
                || behind.starts_with("--")
                || behind == "}"
        })
    }
}

fn first_word(text: &str) -> String {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '(' | '|' | '/' | '=');
    text.split(is_end).next().unwrap_or_default().to_ascii_lowercase()
}

fn is_command(word: &str) -> bool {
    COMMANDS.split_whitespace().any(|command| command == word)
        || STARTS.iter().any(|start| word.starts_with(start))
}

/// The word that ends the lines of another language: the last one of the command, or `EOF`.
fn foreign_end(word: &str, command: &str) -> String {
    let words = command.trim_end_matches(';').split_whitespace().skip(1);
    let last = words.last().filter(|last| word == "perl" || !last.contains(['/', '$']));
    last.unwrap_or("EOF").to_owned()
}

/// Without any command that would reach beyond the client; both splitters read the same.
fn harmless(line: &str) -> String {
    FAR.chars().fold(line.to_owned(), |line, letter| line.replace(&format!("\\{letter}"), "\\x"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(test: &str) -> String {
        unit("a.test", test, &mut Tally::default()).text
    }

    #[test]
    fn commands_of_the_test_language_are_left_out() {
        let test = "--source include/x.inc\nlet $a=\n 1;\nif ($a)\n{\n  SELECT 1;\n}\n\
            --error 1\nSELECT\n  echo;\n# it's\neval SELECT $a;";
        assert_eq!(text(test), "\n\n\n\n\n  SELECT 1;\n\n\nSELECT\n  echo;\n# it's\n");
    }

    #[test]
    fn the_delimiter_becomes_the_clients() {
        let test =
            "delimiter |;\nCREATE PROCEDURE p() BEGIN\n SELECT 1;\nEND|\ndelimiter ;|\nSELECT 2;";
        let sql =
            "DELIMITER |\nCREATE PROCEDURE p() BEGIN\n SELECT 1;\nEND|\nDELIMITER ;\nSELECT 2;";
        assert_eq!(text(test), sql);
    }

    #[test]
    fn blocks_and_comments_hide_no_command() {
        let test = "if ($a)\n{\n  delimiter |;\n  SELECT 1;|  \n  --delimiter ;\n}\nSELECT 2; # a; b\n--die";
        assert_eq!(
            text(test),
            "\n\nDELIMITER |\n  SELECT 1;|  \nDELIMITER ;\n\nSELECT 2; # a; b\n"
        );
    }

    #[test]
    fn lines_of_other_languages_are_left_out() {
        let test = "--perl\nprint 'a;\nEOF\nSELECT 1;\nwrite_file $a/b END;\n'\nEND\nSELECT 2;";
        assert_eq!(text(test), "\n\n\nSELECT 1;\n\n\n\nSELECT 2;");
    }

    #[test]
    fn no_command_reaches_the_machine() {
        assert_eq!(text("SELECT 1 \\! rm\n;"), "SELECT 1 \\x rm\n;");
    }
}
