//! Commands that are advised, for the folder that the command line names.

use std::path::Path;

/// Puts the folder into the commands between backticks.
pub(crate) fn with_place(next: &str, dir: Option<&Path>) -> String {
    let parts = next
        .split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 1 { in_place(part, dir) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

/// Puts the folder into a command, behind which there may be words after a comma.
pub(crate) fn in_place(text: &str, dir: Option<&Path>) -> String {
    let Some(dir) = dir.filter(|_| text.starts_with("migrate ") && !text.contains("--dir")) else {
        return text.to_owned();
    };
    let dir = dir.display().to_string();
    let dir = shlex::try_quote(&dir).unwrap_or_default();
    let command = text.split(", ").next().unwrap_or(text);
    let (command, words) = text.split_at(command.len());
    format!("{command} --dir {dir}{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advised_commands_name_the_folder_as_a_shell_reads_it() {
        let dir = Some(Path::new("my files"));
        let next = "run `migrate merge 1 2 -m \"x\"`, or `git log`";
        let told = "run `migrate merge 1 2 -m \"x\" --dir 'my files'`, or `git log`";
        assert_eq!(with_place(next, dir), told);
        assert_eq!(with_place(next, None), next);
        let told = "migrate upgrade --dir 'my files', once nothing else runs";
        assert_eq!(in_place("migrate upgrade, once nothing else runs", dir), told);
        assert_eq!(in_place("git log", dir), "git log");
    }
}
