#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
//! Every rule finds what it is for, leaves alone what is right, and can be waived.

mod cases;
mod docs;
mod folder;
mod general;
mod mysql;
mod postgres;
mod recommended;
mod robust;
mod sqlite;
mod waivers;
