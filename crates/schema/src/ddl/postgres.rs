//! `PostgreSQL`: each thing is altered on its own, inside one transaction.
//!
//! What stands in the way of a change (views, triggers, routines, keys, checks, indexes, defaults) is taken off
//! first and set on again at the end: `disturbed` finds it by what the server knows to depend on what.

mod altered;
mod casts;
mod columns;
mod comments;
mod composites;
mod constraints;
mod counts;
mod demands;
mod disturbed;
mod domains;
mod faithful;
mod indexes;
mod kept;
mod made;
mod moved;
mod narrowed;
mod online;
mod order;
mod ownership;
mod parts;
mod retold;
mod rights;
mod room;
mod script;
mod sequences;
mod settled;
mod sides;
mod stages;
mod tables;
mod types;
mod views;

pub use faithful::faithful;
pub(super) use kept::untold;
pub use settled::settled;

use super::{Script, Style};
use crate::difference::Difference;

pub(super) fn scripts(difference: &Difference, back: &Difference, style: Style) -> Vec<Script> {
    let (mut difference, mut back) = kept::with_kept(difference, back);
    casts::share(&mut difference, &mut back);
    stages::scripts(&difference, &back, style)
}
