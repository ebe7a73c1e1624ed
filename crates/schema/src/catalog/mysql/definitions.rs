mod events;
mod packages;
mod text;

use std::collections::BTreeSet;

use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use self::events::Times;
pub use self::text::without_database;
use self::text::{plain_head, without_definer};
use super::session::Settings;
use super::{Reading, needs, quoted};
use crate::model::{Definition, Kind, Name, Reference, Schema, Written};

/// Views, routines, triggers and events, as `SHOW CREATE` says them, which alone is exact: `MySQL`'s
/// `information_schema` drops the quotes that were doubled. Whose they are is not managed.
pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    schema: &mut Schema,
) -> Result<(), sqlx::Error> {
    let mut found = Found { reading, connection, schema };
    found.routines().await?;
    packages::read(reading, found.connection, found.schema).await?;
    found.views().await?;
    found.triggers().await?;
    found.events().await
}

struct Found<'a> {
    reading: &'a Reading<'a>,
    connection: &'a mut MySqlConnection,
    schema: &'a mut Schema,
}

impl Found<'_> {
    async fn rows(&mut self, question: &'static str) -> Result<Vec<MySqlRow>, sqlx::Error> {
        let rows = sqlx::query(question).bind(&self.reading.database);
        rows.fetch_all(&mut *self.connection).await
    }

    /// The column of `SHOW CREATE` that has the statement, without the account that made the object; what
    /// this user may not see is told of instead.
    async fn shown(&mut self, kind: Kind, name: &str) -> Result<Option<String>, sqlx::Error> {
        let column = match kind {
            Kind::View => 1,
            Kind::Event => 3,
            _ => 2,
        };
        let sql = format!("SHOW CREATE {} {}", kind.words(), quoted(name));
        // Not prepared: `MariaDB` tells the same text of a view again, whatever became of it meanwhile.
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *self.connection).await?;
        let text: Option<String> = row.try_get(column)?;
        if text.is_none() {
            let hidden = format!("{} {name}, whose text this user may not see", kind.words());
            self.schema.unmanaged.push(hidden);
        }
        Ok(text.map(|text| without_definer(&text)))
    }

    fn insert(
        &mut self,
        kind: Kind,
        name: String,
        row: &MySqlRow,
        made: Made,
    ) -> Result<(), sqlx::Error> {
        let drop = format!("DROP {} {}", kind.words().to_uppercase(), quoted(&name));
        let here = &self.reading.session;
        // A view keeps no mode: its text is stored as the server understood it.
        let sql_mode = if kind == Kind::View {
            here.settings.sql_mode.clone()
        } else {
            row.try_get("sql_mode")?
        };
        let own = Settings {
            sql_mode,
            client: row.try_get("character_set_client")?,
            collation: row.try_get("collation_connection")?,
            time_zone: made.time_zone.unwrap_or_else(|| here.settings.time_zone.clone()),
        };
        let create = own.around(&here.settings, made.create);
        let (owner, needs, written) = (made.owner, made.needs, Written::default());
        let definition = Definition { create, drop, owner, needs, written };
        self.schema.definitions.insert(Reference::to(kind, Name::local(name)), definition);
        Ok(())
    }

    async fn routines(&mut self) -> Result<(), sqlx::Error> {
        for row in self.rows(include_str!("routines.sql")).await? {
            let name: String = row.try_get("name")?;
            let kind = if row.try_get("is_function")? { Kind::Function } else { Kind::Procedure };
            if let Some(text) = self.shown(kind, &name).await? {
                self.insert(kind, name, &row, Made::of(text))?;
            }
        }
        Ok(())
    }

    async fn views(&mut self) -> Result<(), sqlx::Error> {
        let rows = self.rows(include_str!("views.sql")).await?;
        let mut relations: BTreeSet<Reference> = self
            .schema
            .tables
            .keys()
            .map(|name| Reference::to(Kind::Table, name.clone()))
            .collect();
        for row in &rows {
            let name: String = row.try_get("name")?;
            relations.insert(Reference::to(Kind::View, Name::local(name)));
        }
        relations.extend(self.schema.definitions.keys().cloned());
        for row in rows {
            let name: String = row.try_get("name")?;
            if let Some(text) = self.shown(Kind::View, &name).await? {
                let create = plain_head(&without_database(&text, &self.reading.database));
                let mut needs = needs::of_view(&create, &relations);
                needs.remove(&Reference::to(Kind::View, Name::local(&name)));
                self.insert(Kind::View, name, &row, Made { needs, ..Made::of(create) })?;
            }
        }
        Ok(())
    }

    /// Each trigger needs its table, and the one that runs before it at the same event: they run in the order
    /// in which they were made.
    async fn triggers(&mut self) -> Result<(), sqlx::Error> {
        let mut before: Option<(String, String, Name)> = None;
        for row in self.rows(include_str!("triggers.sql")).await? {
            let (name, table): (String, String) =
                (row.try_get("name")?, row.try_get("table_name")?);
            let event: String = row.try_get("event")?;
            if !self.reading.scope.includes(&table) {
                continue;
            }
            let Some(create) = self.shown(Kind::Trigger, &name).await? else { continue };
            let owner = Name::local(&table);
            let mut needs = BTreeSet::from([Reference::to(Kind::Table, owner.clone())]);
            needs.extend(
                before
                    .take()
                    .filter(|one| one.0 == table && one.1 == event)
                    .map(|(_, _, previous)| Reference::to(Kind::Trigger, previous)),
            );
            before = Some((table, event, Name::local(&name)));
            self.insert(
                Kind::Trigger,
                name,
                &row,
                Made { owner: Some(owner), needs, ..Made::of(create) },
            )?;
        }
        Ok(())
    }

    async fn events(&mut self) -> Result<(), sqlx::Error> {
        for row in self.rows(include_str!("events.sql")).await? {
            let name: String = row.try_get("name")?;
            let time_zone: String = row.try_get("time_zone")?;
            let Some(text) = self.shown(Kind::Event, &name).await? else { continue };
            let times = Times {
                executes_after: row.try_get("executes_after")?,
                starts_after: row.try_get("starts_after")?,
                ends_after: row.try_get("ends_after")?,
                created_second: row.try_get("created_second")?,
                is_over: row.try_get("is_over")?,
            };
            let time_zone = Some(time_zone);
            let made = Made { time_zone, ..Made::of(times.plain(&text)) };
            self.insert(Kind::Event, name, &row, made)?;
        }
        Ok(())
    }
}

/// What makes an object, and what it belongs to.
struct Made {
    create: String,
    owner: Option<Name>,
    needs: BTreeSet<Reference>,
    /// The time zone that it keeps.
    time_zone: Option<String>,
}

impl Made {
    const fn of(create: String) -> Self {
        Self { create, owner: None, needs: BTreeSet::new(), time_zone: None }
    }
}
