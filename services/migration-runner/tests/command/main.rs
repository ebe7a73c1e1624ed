#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]
//! The program as it is run: exit codes, documents, signals, and many at once.

mod adopt;
mod advice;
mod author;
mod autogenerate;
mod concurrent;
mod drawn;
mod drift;
mod errors;
mod files_alone;
mod folder;
mod grants;
mod graph;
mod killed;
mod leaves_scratch;
mod ledger;
mod lint;
mod live;
mod log;
mod modes;
mod never_run;
mod output;
mod output_schema;
mod plan;
mod read_only;
mod rebase;
mod reference;
mod refused;
mod repair;
mod schema;
mod secrets;
mod settings;
mod signals;
mod squash;
mod style;
mod unread;
mod way_out;
