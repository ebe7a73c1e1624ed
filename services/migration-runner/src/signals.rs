use std::io;
use std::thread;

use artisan_migrate::Stopper;
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The code of a process that was ended by SIGTERM.
const ENDED: i32 = 143;

/// Asks the runner to end at the first SIGTERM or SIGINT, and ends the process at the second: the
/// server rolls back what was open, and the next run continues.
///
/// Signals are heard on a thread of their own: the runner's waits for whoever is asked something.
pub(crate) fn watch(stopper: Stopper) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let (mut terminate, mut interrupt) = {
        let _entered = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    let watching = async move {
        next(&mut terminate, &mut interrupt).await;
        stopper.stop();
        next(&mut terminate, &mut interrupt).await;
        std::process::exit(ENDED);
    };
    thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(watching))?;
    Ok(())
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
