use artisan_migrate::autogenerate::{Autogenerate, Compared};
use artisan_migrate::{Access, CheckReport, DdlStyle, Engine, RevisionSettings, ScratchPlace};

use super::{close, connect, desired};
use crate::advice;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    desired: desired::Args,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let (engine, report) = (runner.engine(), runner.check_pending().await);
    close(runner, &report).await;
    let mut report = report?;
    if report.heads.len() < 2 {
        let found = compared(args, engine, config).await?;
        if let Some(Compared { differences, unmanaged }) = found {
            if report.next.is_none() && !differences.is_empty() {
                report.next = Some("migrate revision --autogenerate -m \"…\"".to_owned());
            }
            report.differences.extend(differences);
            report.unmanaged = unmanaged;
        }
    }
    report.next = report.next.map(|next| advice::in_place(&next, config.named_dir()));
    if let Some(error) = &mut report.error {
        error.next = advice::with_place(&error.next, config.named_dir());
    }
    Ok(Outcome::new(report))
}

/// What the files lack of the desired schema, if there is one.
async fn compared(
    args: &Args,
    engine: Engine,
    config: &Config,
) -> Result<Option<Compared>, Failure> {
    let scope = args.desired.scope(&RevisionSettings::load()?);
    let Some(desired) = args.desired.find(config, engine, &scope).await? else { return Ok(None) };
    let scratch = args.desired.scratch(config)?;
    let asked = Autogenerate {
        place: ScratchPlace { target: config.url()?, other: scratch.as_ref() },
        options: &config.options,
        source: config.source(engine)?,
        desired: &desired,
        scope,
        style: DdlStyle::default(),
        dropped: Vec::new(),
        renamed: Vec::new(),
    };
    Ok(Some(asked.compare().await?))
}

impl Report for CheckReport {
    fn text(&self) -> String {
        let mut text = String::new();
        if self.heads.len() > 1 {
            let heads: Vec<String> = self.heads.iter().map(named).collect();
            text = format!("several heads: {}\n", heads.join(", "));
        }
        text += &lines(self.unmanaged.iter().map(|what| format!("not looked at: {what}")));
        text += &lines(self.differences.iter().map(|found| match found.kind {
            "unknown" => format!("no file here: {}", found.object),
            kind => match &found.sql {
                None => format!("{kind}: {}", found.object),
                Some(sql) => format!("{kind}: {}\n{}", found.object, indented(sql)),
            },
        }));
        match &self.next {
            None => text + "nothing is pending, and nothing differs\n",
            Some(next) => text + "next: " + next + "\n",
        }
    }

    fn summary(&self) -> String {
        match (self.heads.len(), self.differences.len()) {
            (0 | 1, 0) => "nothing is pending".to_owned(),
            (0 | 1, count) => format!("{count} things are not as they should be"),
            (heads, _) => format!("there are {heads} heads"),
        }
    }

    fn exit_code(&self) -> u8 {
        match (&self.error, self.differences.len()) {
            (Some(error), _) => error.exit,
            (None, 0) => 0,
            (None, _) => 9,
        }
    }
}

fn indented(sql: &str) -> String {
    let lines = sql.lines().map(|line| format!("    {line}"));
    lines.collect::<Vec<_>>().join("\n") + ";"
}
