//! What is measured: a way to make calls, and the processes that serve them.

use std::time::{Duration, Instant};

use crate::cpu;
use crate::database::Database;
use crate::failure::Failure;
use crate::load::grpc::GrpcLoad;
use crate::load::http::HttpLoad;
use crate::load::list::ListLoad;
use crate::process::Conversation;

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The serving processes, without the database's.
    pub(crate) processes: Vec<u32>,
    pub(crate) load: Load,
    /// One in so many of a round's calls is made: those that take long are fewer.
    pub(crate) one_in: u64,
    pub(crate) samples: Vec<Sample>,
}

/// How its calls are made.
#[derive(Debug)]
pub(crate) enum Load {
    /// By the measured process itself.
    Itself(Conversation),
    /// From here, over gRPC.
    Grpc(GrpcLoad),
    /// From here, whole pages over gRPC.
    List(ListLoad),
    /// From here, over HTTP and JSON.
    Http(HttpLoad),
}

/// What one round has shown, per 1,000 calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// CPU seconds of the serving processes and the database.
    pub(crate) cpu: f64,
    /// Seconds by the clock on the wall.
    pub(crate) wall: f64,
}

impl Subject {
    /// Makes its calls of a round and keeps what they cost.
    pub(crate) async fn measure(&mut self, calls: u64, database: &Database) -> Result<(), Failure> {
        let calls = calls / self.one_in;
        let begin = Instant::now();
        let before = self.cpu(database)?;
        self.load.run(calls).await?;
        let cpu = self.cpu(database)?.saturating_sub(before);
        self.samples
            .push(Sample { cpu: per_1000(cpu, calls), wall: per_1000(begin.elapsed(), calls) });
        Ok(())
    }

    /// The middle one of the samples, by CPU time.
    pub(crate) fn median(&self) -> Option<Sample> {
        let mut samples = self.samples.clone();
        samples.sort_by(|one, other| one.cpu.total_cmp(&other.cpu));
        samples.get(samples.len() / 2).copied()
    }

    /// Fills pools and caches.
    pub(crate) async fn warm_up(&mut self, calls: u64) -> Result<(), Failure> {
        self.load.run(calls / self.one_in).await
    }

    fn cpu(&self, database: &Database) -> Result<Duration, Failure> {
        Ok(cpu::used(&self.processes)? + cpu::used(&database.processes())?)
    }
}

impl Load {
    /// Makes the calls.
    pub(crate) async fn run(&mut self, calls: u64) -> Result<(), Failure> {
        match self {
            Self::Itself(conversation) => conversation.ask(&calls.to_string()).await.map(drop),
            Self::Grpc(load) => load.run(calls).await,
            Self::List(load) => load.run(calls).await,
            Self::Http(load) => load.run(calls).await,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of calls are far below 2^52")]
fn per_1000(time: Duration, calls: u64) -> f64 {
    time.as_secs_f64() * 1000.0 / calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_told_per_1000_calls() {
        assert!((per_1000(Duration::from_secs(3), 20_000) - 0.15).abs() < 1e-9);
    }
}
