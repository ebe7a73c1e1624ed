use std::fmt::Write as _;

use clap::{Arg, Command};

/// All commands with their options, as the help has them.
///
/// Writing to a string cannot fail, so the results of `writeln!` are dropped.
pub(super) fn page(all: &Command) -> String {
    let mut text = "# The commands of `migrate`\n\nMade by `migrate man --markdown docs` from the \
                    program itself.\n"
        .to_owned();
    let shown = |command: &&Command| command.get_name() != "help";
    for command in all.get_subcommands().filter(shown) {
        section(command, &mut text);
    }
    text.push_str("\n## Options of every command\n\n");
    for argument in all.get_arguments().filter(|argument| argument.is_global_set()) {
        row(argument, &mut text);
    }
    text
}

fn section(command: &Command, text: &mut String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(text, "\n## `migrate {}`\n\n{about}.", command.get_name());
    let own = |argument: &&Arg| {
        !argument.is_global_set() && !matches!(argument.get_id().as_str(), "help" | "version")
    };
    let mut arguments = command.get_arguments().filter(own).peekable();
    if arguments.peek().is_some() {
        text.push('\n');
    }
    for argument in arguments {
        row(argument, text);
    }
}

fn row(argument: &Arg, text: &mut String) {
    let help = argument.get_long_help().or(argument.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .filter(|name| !matches!(name.as_str(), "true" | "false"))
        .collect();
    let dot = if help.ends_with(['.', '!', '?']) { "" } else { "." };
    let _ = write!(text, "- `{}`: {help}{dot}", name(argument));
    if !values.is_empty() {
        let _ = write!(text, " One of `{}`.", values.join("`, `"));
    }
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && defaults != ["false"] {
        let _ = write!(text, " Default: `{}`.", defaults.join(" "));
    }
    text.push('\n');
}

/// `--option VALUE`, `-o, --option` or `ARGUMENT…`.
fn name(argument: &Arg) -> String {
    let values: Vec<String> =
        argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
    let value = values.join(" ");
    let takes = argument.get_action().takes_values();
    let many = argument.get_num_args().is_some_and(|range| range.max_values() > 1);
    let dots = if many { "…" } else { "" };
    match (argument.get_short(), argument.get_long()) {
        (Some(short), Some(long)) if takes => format!("-{short}, --{long} {value}"),
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) if takes => format!("--{long} {value}{dots}"),
        (None, Some(long)) => format!("--{long}"),
        (_, None) => format!("{value}{dots}"),
    }
}
