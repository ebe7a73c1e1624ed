mod checks;
mod columns;
mod comments;
mod enums;
mod identities;
mod indexes;
mod keys;
mod names;
mod renames;
mod routines;
mod schemas;
mod tables;
mod types;
mod views;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;

on_engine!(
    postgres, Postgres, checks, columns, comments, enums, identities, indexes, keys, names, renames,
    routines, schemas, tables, types, views,
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
    checks, columns, comments, enums, identities, indexes, keys, names, renames, routines, schemas,
    tables, types, views,
);
