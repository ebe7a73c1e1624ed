use std::fmt::Write;

use artisan_migrate::{Access, Repair, RepairReport};

use super::{close, connect};
use crate::advice;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Take over the checksums of applied files that differ in white space or line ends only.
    #[arg(long)]
    eol: bool,
    /// Take over the checksum of an applied file whose content differs; may be repeated.
    #[arg(long, value_name = "VERSION")]
    accept: Vec<i64>,
    /// What was interrupted in this version has run; may be repeated.
    #[arg(long, value_name = "VERSION")]
    done: Vec<i64>,
    /// What was interrupted in this version has not run; may be repeated.
    #[arg(long, value_name = "VERSION")]
    not_done: Vec<i64>,
    /// Forget an applied version whose file is gone; its effects stay; may be repeated.
    #[arg(long, value_name = "VERSION")]
    forget: Vec<i64>,
}

/// Without options it only explains.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let repair = Repair {
        eol: args.eol,
        accept: args.accept.clone(),
        done: args.done.clone(),
        not_done: args.not_done.clone(),
        forget: args.forget.clone(),
    };
    let writes = args.eol
        || [&args.accept, &args.done, &args.not_done, &args.forget]
            .iter()
            .any(|versions| !versions.is_empty());
    let access = if writes { Access::Change } else { Access::Read };
    let mut runner = connect(config, access).await?;
    let report = runner.repair(&repair).await;
    close(runner, &report).await;
    let mut report = report?;
    for finding in &mut report.findings {
        finding.explanation = advice::with_place(&finding.explanation, config.named_dir());
        for command in &mut finding.commands {
            *command = advice::in_place(command, config.named_dir());
        }
    }
    Ok(Outcome::new(report))
}

impl Report for RepairReport {
    fn text(&self) -> String {
        let mut text = self.changed.iter().fold(String::new(), |text, line| text + line + "\n");
        // Writing to a string cannot fail.
        for finding in &self.findings {
            let version = finding.version.as_deref().unwrap_or_default();
            let _ = writeln!(text, "{version} ({}): {}", finding.kind, finding.explanation);
            for command in &finding.commands {
                let _ = writeln!(text, "    {command}");
            }
        }
        if text.is_empty() { "nothing is wrong\n".to_owned() } else { text }
    }

    fn summary(&self) -> String {
        format!("{} changed, {} still to mend", self.changed.len(), self.findings.len())
    }
}
