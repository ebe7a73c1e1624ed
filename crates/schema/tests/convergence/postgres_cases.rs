mod casts;
mod checks;
mod columns;
mod comments;
mod enums;
mod identities;
mod indexes;
mod kept;
mod keys;
mod mixed;
mod names;
mod narrowed;
mod online;
mod recomputed;
mod renames;
mod routines;
mod rows;
mod schemas;
mod tables;
mod types;
mod views;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use artisan_schema::ddl::Style;

use crate::{all, all_in};

on_engine!(
    postgres, Postgres, casts, checks, columns, comments, enums, identities, indexes, kept, keys,
    mixed, names, narrowed, online, recomputed, renames, routines, rows, schemas, tables, types,
    views,
);

macro_rules! themes {
    ($($theme:ident),+ $(,)?) => {
        $(
            async fn $theme(_: TestDatabase) {
                all(Engine::Postgres, $theme::CASES).await;
            }
        )+
    };
}

themes!(
    casts, checks, columns, comments, enums, identities, indexes, kept, keys, mixed, names,
    narrowed, recomputed, renames, routines, rows, schemas, tables, types, views,
);

/// Cases of their own, and those of the themes that take another way without long locks.
async fn online(_: TestDatabase) {
    let style = Style { online: true };
    all_in(Engine::Postgres, online::CASES, style).await;
}
