use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use artisan_migrate::Hook;

use crate::failure::Failure;

/// What stands for a file's path, here and in Alembic's configuration.
const ONE: [&str; 2] = ["{file}", "REVISION_SCRIPT_FILENAME"];
/// The argument that stands for the paths of all files.
const ALL: &str = "{files}";

/// Runs the hooks in their order, up to the first that fails; the names of those that ran.
pub(super) fn run(hooks: &[Hook], files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut paths = Vec::new();
    for file in files {
        // A hook may run in another directory.
        let path = std::path::absolute(file).map_err(|error| Failure::files(file, &error))?;
        paths.push(path.display().to_string());
    }
    for hook in hooks {
        for command in commands(&hook.command, &paths) {
            if let Err(cause) = start(&command, hook.cwd.as_deref()) {
                return Err(failed(hook, &cause, files));
            }
        }
    }
    Ok(hooks.iter().map(|hook| hook.name.clone()).collect())
}

/// One command for each file where the hook names one, else one for all.
fn commands(command: &[String], paths: &[String]) -> Vec<Vec<String>> {
    let names_one = |word: &String| ONE.iter().any(|token| word.contains(token));
    if command.iter().any(names_one) {
        let with = |path: &String| command.iter().map(|word| filled(word, path)).collect();
        return paths.iter().map(with).collect();
    }
    let all = command.iter().flat_map(|word| match word.as_str() {
        ALL => paths.to_vec(),
        _ => vec![word.clone()],
    });
    vec![all.collect()]
}

fn filled(word: &str, path: &str) -> String {
    // Each piece of the word itself, so that what a path holds is not read again.
    let mut filled = String::new();
    let mut rest = word;
    while let Some((at, token)) =
        ONE.iter().filter_map(|token| rest.find(token).map(|at| (at, token))).min()
    {
        filled.push_str(rest.get(..at).unwrap_or_default());
        filled.push_str(path);
        rest = rest.get(at + token.len()..).unwrap_or_default();
    }
    filled + rest
}

/// Waits for the command; what it printed and how it ended, if not well.
fn start(words: &[String], cwd: Option<&Path>) -> Result<(), String> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let mut program = PathBuf::from(program);
    if program.components().count() > 1 {
        // Systems differ in which directory such a program would be looked for.
        program = std::path::absolute(&program).map_err(|error| error.to_string())?;
    }
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    if let Some(cwd) = cwd {
        command.current_dir(cwd);
    }
    let output = command.output().map_err(|error| unstarted(&error, words, cwd))?;
    if output.status.success() { Ok(()) } else { Err(told(&output)) }
}

/// Why a program did not even begin, and what that takes.
fn unstarted(error: &std::io::Error, words: &[String], cwd: Option<&Path>) -> String {
    let program = words.first().map(String::as_str).unwrap_or_default();
    if let Some(cwd) = cwd.filter(|cwd| !cwd.is_dir()) {
        return format!("there is no folder {}, its `cwd` in migrate.toml", cwd.display());
    }
    match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "there is no program {program} in PATH: install it, or mend `command` in migrate.toml"
        ),
        std::io::ErrorKind::PermissionDenied => format!(
            "{program} may not be run: make it executable, or mend `command` in migrate.toml"
        ),
        _ => format!("{program} cannot be started: {error}"),
    }
}

fn told(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let text = text.concat();
    let text = text.trim_end();
    if text.is_empty() { output.status.to_string() } else { format!("{}\n{text}", output.status) }
}

fn failed(hook: &Hook, cause: &str, files: &[PathBuf]) -> Failure {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let message = format!(
        "the files are written and stay, but the hook {} failed on {}: {cause}",
        hook.name,
        files.join(" ")
    );
    Failure::Hook { message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hook_runs_for_each_file_or_once_for_all() {
        let paths = ["/m/1_a.up.sql".to_owned(), "/m/{files}".to_owned()];
        let made = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let commands = commands(&words, &paths);
            commands.iter().map(|words| words.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(made(&["f", "--in={file}"]), ["f --in=/m/1_a.up.sql", "f --in=/m/{files}"]);
        assert_eq!(made(&["f", "REVISION_SCRIPT_FILENAME", "{file}"]).len(), 2);
        assert_eq!(made(&["f", "{files}", "-q"]), ["f /m/1_a.up.sql /m/{files} -q"]);
        assert_eq!(made(&["make", "schema"]), ["make schema"]);
    }
}
