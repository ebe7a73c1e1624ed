//! `cargo xtask servers`: throwaway servers that stay while one works on a crate.

use clap::Args;

use crate::failure::Failure;
use crate::report;
use crate::servers::{Origin, conformance, nats, provide};
use crate::service::Service;

/// Which servers to start.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Leave a server out
    #[arg(long, value_name = "SERVICE")]
    without: Vec<Service>,
}

/// Starts the servers, prints the variables that name them, and waits for Ctrl-C.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut servers = Vec::new();
    for service in Service::ALL {
        let Some(variable) = service.variable().filter(|_| !options.without.contains(&service))
        else {
            continue;
        };
        let server = match service {
            Service::Engine(engine) => provide(engine, &Origin::ALL),
            Service::Nats => nats(&Origin::ALL),
            Service::Conformance => conformance(&Origin::ALL),
        };
        let server =
            server.map_err(|reason| Failure::new(format!("{service} does not run: {reason}")))?;
        report::line(format!("export {variable}='{}'", server.url));
        servers.push(server);
    }
    report::note("Ctrl-C ends them");
    loop {
        // Ctrl-C ends the process after the servers.
        std::thread::park();
    }
}
