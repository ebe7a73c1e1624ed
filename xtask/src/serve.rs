//! `cargo xtask servers`: throwaway servers that stay while one works on a crate.

use clap::Args;

use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::{Origin, provide};

/// Which servers to start.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Leave an engine out
    #[arg(long, value_name = "ENGINE")]
    without: Vec<Engine>,
}

/// Starts the servers, prints the variables that name them, and waits for Ctrl-C.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut servers = Vec::new();
    for engine in Engine::ALL {
        let Some(variable) = engine.variable().filter(|_| !options.without.contains(&engine))
        else {
            continue;
        };
        let server = provide(engine, &Origin::ALL)
            .map_err(|reason| Failure::new(format!("{engine} does not run: {reason}")))?;
        report::line(format!("export {variable}='{}'", server.url));
        servers.push(server);
    }
    report::note("Ctrl-C ends them");
    loop {
        // Ctrl-C ends the process after the servers.
        std::thread::park();
    }
}
