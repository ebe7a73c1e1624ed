use std::io;

use artisan_migrate::Stopper;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The code of a process that was ended by SIGTERM.
const ENDED: i32 = 143;

/// Asks the runner to end at the first SIGTERM or SIGINT, and ends the process at the second: the
/// server rolls back what was open, and the next run continues.
pub(crate) fn watch(stopper: Stopper) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        next(&mut terminate, &mut interrupt).await;
        stopper.stop();
        next(&mut terminate, &mut interrupt).await;
        std::process::exit(ENDED);
    });
    Ok(())
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
