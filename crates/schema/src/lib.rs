//! From a live database's catalog to one model of its schema, and from two such models to the SQL that
//! makes one of the other.
//!
//! ```text
//! catalog (each engine's own queries) → model → difference → ddl (each engine's own statements)
//!                                         └──→ logical
//! ```
//!
//! [`read`] and its siblings ask the engine's catalog a constant number of questions, however many
//! tables there are, and build a [`model::Schema`]: what was declared, in the engine's own words,
//! so that two databases of the same engine can be compared. [`logical::LogicalSchema`] says the
//! same without the words of any engine, so that databases of different engines can be.
//!
//! Reading writes nothing and needs no right beyond seeing the tables. On PostgreSQL all questions
//! are asked in one read-only snapshot.

mod annotations;
pub mod catalog;
pub mod ddl;
pub mod difference;
mod error;
pub mod logical;
pub mod model;
mod scan;
mod scope;

pub use annotations::{AnnotationError, Annotations};
pub use catalog::read;
pub use error::Error;
pub use scope::Scope;
