#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]
//! The runner on every engine: what it applies, what it leaves, and what it says.

mod autonomous;
mod catalog;
mod checksums;
mod committed;
mod concurrently;
mod database;
mod downgrade;
mod exchanged;
mod failure;
mod grouped;
mod hand_over;
mod history;
mod impact;
mod installation;
mod installed_on;
mod interrupted;
mod last_change;
mod leaks;
mod locks;
mod owed;
mod phases;
mod planned;
mod progress;
mod queue;
mod refused;
mod resume;
mod routines;
mod settings;
mod silent;
mod squashed;
mod stop;
mod upgrade;
