//! The JSON codec beside pbjson and prost-reflect in one run: the time that a message takes, and how
//! often memory is asked for.
//!
//! All three turn the same bytes into JSON that stands for them, and back, which is looked at first.

mod contestants;
mod generated;
mod sample;
mod table;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use allocation_counter::measure;
use contestants::Contestant;
use sample::Sample;
use table::{Line, Table};

const ROUNDS: usize = 15;
/// Bytes of JSON that each contestant works through in a round, so that small and large messages take
/// as long.
const BYTES_PER_ROUND: usize = 4 << 20;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(table) => table.print(),
        Err(error) => {
            table::failure(&*error);
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Table> {
    let mut lines = Vec::new();
    for sample in sample::all()? {
        for task in &contestants::TASKS {
            lines.push(compare(&sample, task)?);
        }
    }
    Ok(Table { lines })
}

/// Runs the contestants in turn, round after round: what disturbs one of them disturbs all.
fn compare(sample: &Sample, task: &contestants::Task) -> Result<Line> {
    let contestants = contestants::all(sample, task)?;
    for contestant in &contestants {
        if !contestants::is_right(sample, task, &(contestant.run)()?)? {
            return Err(format!("{}: {} gives something else", task.name, contestant.name).into());
        }
    }
    let calls = BYTES_PER_ROUND.div_ceil(sample.json.len());
    let mut nanos = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    for _ in 0..ROUNDS {
        for (contestant, nanos) in contestants.iter().zip(&mut nanos) {
            nanos.push(time(contestant, calls)?);
        }
    }
    let allocations = contestants.iter().map(allocations).collect::<Result<_>>()?;
    let name = format!("{}, {}", task.name, sample.name);
    let names = contestants.iter().map(|one| one.name).collect();
    Ok(Line {
        name,
        names,
        nanos: nanos.iter().map(|all| table::median(all)).collect(),
        allocations,
    })
}

/// Nanoseconds for each call.
#[expect(clippy::cast_precision_loss, reason = "numbers of calls are far below 2^52")]
fn time(contestant: &Contestant<'_>, calls: usize) -> Result<f64> {
    let begin = Instant::now();
    for _ in 0..calls {
        std::hint::black_box((contestant.run)()?);
    }
    Ok(begin.elapsed().as_secs_f64() * 1e9 / calls as f64)
}

/// How often one call asks for memory, the answer's own included.
fn allocations(contestant: &Contestant<'_>) -> Result<u64> {
    let mut result = Ok(());
    let counted = measure(|| result = (contestant.run)().map(drop));
    result.map(|()| counted.count_total)
}
