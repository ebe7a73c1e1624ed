use std::process::Command;

use artisan_migrate::{Access, Target};
use serde::Serialize;

use super::{connect_with, resolve, written_folder};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, current, a version, the beginning of one, a name or a label.
    target: Target,
    /// The file that undoes it.
    #[arg(long)]
    down: bool,
    /// Even if it is applied: databases that have it will refuse the changed file.
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Edited {
    files: Vec<String>,
}

/// Opens the editor that VISUAL or EDITOR names, on the file of every engine.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    written_folder(config)?;
    let (folder, history) = config.folder()?;
    let found = resolve(config, &history, std::slice::from_ref(&args.target)).await?;
    let [version] = found.as_slice() else { return Err(not_one(&args.target, &found)) };
    let Some(revision) = history.find(*version) else {
        let message = format!("revision {version} has no file here");
        return Err(Failure::Usage { reason: "UNKNOWN_REVISION", message });
    };
    if !args.force && !args.down && config.url().is_ok() {
        let mut runner = connect_with(config, history.clone(), Access::Read).await?;
        let refused = runner.refuse_applied(&revision.version.to_string(), "edited").await;
        runner.close().await;
        refused?;
    }
    let script = if args.down { revision.down.as_ref() } else { Some(&revision.up) };
    let Some(script) = script else {
        let message = format!("revision {} has no down file", revision.version);
        return Err(Failure::Usage { reason: "NO_DOWN_FILE", message });
    };
    let Some(editor) = config.editor() else {
        let message = "no editor is known: set VISUAL or EDITOR".to_owned();
        return Err(Failure::Usage { reason: "NO_EDITOR", message });
    };
    let words = shlex::split(editor).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        let message = format!(
            "`{editor}` in VISUAL or EDITOR is no command: a quote has no end, or it is empty"
        );
        return Err(Failure::Usage { reason: "NO_EDITOR", message });
    };
    let files = folder.find(&script.file);
    let status = Command::new(program).args(arguments).args(&files).status();
    let ended = status
        .map_err(|error| error.to_string())
        .and_then(|status| if status.success() { Ok(()) } else { Err(status.to_string()) });
    match ended {
        Ok(()) => {
            let files = files.iter().map(|path| path.display().to_string()).collect();
            Ok(Outcome::new(Edited { files }))
        }
        Err(cause) => {
            let message = format!("the editor `{editor}` did not end well: {cause}");
            Err(Failure::Usage { reason: "EDITOR_FAILED", message })
        }
    }
}

/// Why the target does not say which revision to edit, and which it could be.
fn not_one(target: &Target, found: &[i64]) -> Failure {
    if found.is_empty() {
        let message = format!(
            "`{target}` is no revision, as nothing is applied to the database: name one by its version, \
             or the newest with `migrate edit head`"
        );
        return Failure::Usage { reason: "UNKNOWN_REVISION", message };
    }
    let versions: Vec<String> = found.iter().map(ToString::to_string).collect();
    let message =
        format!("`{target}` is several revisions: name one of them, {}", versions.join(" or "));
    Failure::Usage { reason: "AMBIGUOUS_REVISION", message }
}

impl Report for Edited {
    fn text(&self) -> String {
        String::new()
    }
}
