use std::fmt::Write;

use artisan_migrate::{
    Access, Blocks, Engine, Impact, PlanReport, PlannedRevision, PlannedStatement, Target,
};
use artisan_runtime::env::ConfigError;

use super::choices::{EngineArg, PhaseArg};
use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};
use crate::style::{self, Tone};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, heads, +N, a version, the beginning of one, or a name; with --down, base, -N or a revision.
    #[arg(
        default_value = "head",
        default_value_if("down", "true", None),
        allow_hyphen_values = true
    )]
    target: Option<Target>,
    /// Which revisions: expand before the program's rollout, contract after it, or all.
    #[arg(long, value_enum, conflicts_with = "down")]
    phase: Option<PhaseArg>,
    /// What `downgrade TARGET` would undo instead; needs a database.
    #[arg(long)]
    down: bool,
    /// Without a database: as whose, and as if it were empty.
    #[arg(long, value_enum)]
    engine: Option<EngineArg>,
}

/// Only reads the database, where one is given and no engine is named instead.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let phases = PhaseArg::phases(args.phase);
    let missing = || Failure::Usage {
        reason: "NO_TARGET",
        message: "--down takes a target: base, -1 or a revision".to_owned(),
    };
    let target = args.target.as_ref().ok_or_else(missing)?;
    let without = args.engine.is_some() || config.engine().is_none();
    if without && !args.down {
        let missing = || ConfigError::new("--engine", "is needed where no database is given");
        let engine: Engine = args.engine.ok_or_else(missing)?.into();
        let history = config.history_for(engine)?;
        let report = PlanReport::of_empty(engine, &history, target, phases)?;
        return Ok(Outcome::new(report));
    }
    let mut runner = connect(config, Access::Read).await?;
    let report =
        if args.down { runner.plan_down(target).await } else { runner.plan(target, phases).await };
    runner.close().await;
    Ok(Outcome::new(report?))
}

impl Report for PlanReport {
    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {}", self.engine, self.server_version);
        for revision in &self.revisions {
            tell(&mut text, revision, self.direction);
        }
        if self.revisions.is_empty() {
            text.push_str("nothing to do\n");
        }
        if let Some(first) = self.held_back.first() {
            let count = self.held_back.len();
            let _ =
                writeln!(text, "held back for another phase: {count}, from {} on", named(first));
        }
        for size in &self.tables {
            let bytes = size.bytes.map_or("unknown size".to_owned(), readable);
            let rows = size.rows.map_or(String::new(), |rows| format!(", about {rows} rows"));
            let _ = writeln!(text, "table {}: {bytes}{rows}", size.table);
        }
        text
    }

    fn summary(&self) -> String {
        format!("{} revisions would run", self.revisions.len())
    }
}

/// `direction` is that of the run: a revision that goes the other way was left half-applied.
fn tell(text: &mut String, revision: &PlannedRevision, direction: &str) {
    let layout = match (revision.layout, revision.done) {
        ("one-transaction", _) => "one transaction".to_owned(),
        (_, 0) => "step by step".to_owned(),
        (_, done) => format!("resumes after statement {done}"),
    };
    let first = match revision.direction {
        same if same == direction => "",
        "down" => "is undone first, ",
        _ => "is applied first, ",
    };
    let PlannedRevision { version, name, phase, .. } = revision;
    let _ = writeln!(text, "{version} {name} ({phase}, {first}{layout})");
    for statement in &revision.statements {
        let PlannedStatement { line, summary, done, impacts, .. } = statement;
        let mark = if *done { " (done)" } else { "" };
        let _ = writeln!(text, "  {}:{line}: {summary}{mark}", revision.file);
        for impact in impacts {
            let _ = writeln!(text, "      {}", told(impact));
        }
    }
}

fn told(impact: &Impact) -> String {
    let blocks = match impact.blocks {
        Blocks::Nothing => style::out(Tone::Good, "blocks nobody"),
        Blocks::Writes => style::out(Tone::Careful, "blocks writes"),
        Blocks::ReadsAndWrites => style::out(Tone::Bad, "blocks reads and writes"),
        Blocks::Unknown => {
            let told = "not understood: it may rewrite every row and block reads and writes";
            return format!("unknown on {}, {}", impact.table, style::out(Tone::Careful, told));
        }
    };
    let mut words = vec![format!("{} on {}", impact.lock, impact.table)];
    words.extend(impact.algorithm.map(|algorithm| format!("ALGORITHM={algorithm}")));
    if impact.rewrites {
        words.push("rewrites every row".to_owned());
    } else if impact.scans {
        words.push("reads every row".to_owned());
    }
    words.push(blocks);
    words.join(", ")
}

/// `8.0 KiB`
fn readable(bytes: i64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut divisor = 1024;
    let mut found = format!("{bytes} bytes");
    for unit in units {
        if bytes >= divisor {
            let tenths = bytes.saturating_mul(10) / divisor;
            found = format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
        divisor *= 1024;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_called_unknown() {
        let impact = Impact {
            table: "t".to_owned(),
            lock: "UNKNOWN",
            algorithm: Some("UNKNOWN"),
            rewrites: true,
            scans: true,
            blocks: Blocks::Unknown,
        };
        assert!(told(&impact).starts_with("unknown on t, "), "{}", told(&impact));
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(readable(1023), "1023 bytes");
        assert_eq!(readable(8192), "8.0 KiB");
        assert_eq!(readable(3 << 30), "3.0 GiB");
    }
}
