use crate::columns::Columns;
use crate::db::Db;
use crate::decode;
use crate::engine::{Engine, Sqlite, Value};
use crate::error::StoreError;
use crate::filter::{joins, predicate};
use crate::query::Query;
use crate::sql::users as sql;
use crate::{ListUsers, Order, OrderKey, Page, Place, Position, keyset};

pub(crate) async fn list<E: Engine>(db: &Db<E>, list: &ListUsers) -> Result<Page, StoreError> {
    let found = db.read_built(&query::<E>("", list), decode::users::<E>).await?;
    let (users, next) = keyset::cut(found, list.page_size, |user| list.order.place(user));
    Ok(Page { users, next })
}

/// How the engine would go about it, in its own words.
pub(crate) async fn explain_list<E: Engine>(
    db: &Db<E>,
    list: &ListUsers,
) -> Result<String, StoreError> {
    let (explain, column) = E::EXPLAIN;
    let decode = |rows: &[_]| {
        let mut lines = Vec::new();
        for row in rows {
            let mut columns = Columns::<E>::of(row);
            columns.skip(column);
            lines.push(columns.text("plan")?);
        }
        Ok(lines.join("\n"))
    };
    db.read_built(&query::<E>(explain, list), decode).await
}

/// The statement as it is written for all engines.
pub(crate) fn list_text(list: &ListUsers) -> String {
    query::<Sqlite>("", list).text().to_owned()
}

/// The users of the page are chosen first, and what belongs to them is joined to those only.
fn query<'a, E: Engine>(begin: &'static str, list: &'a ListUsers) -> Query<'a> {
    let mut query = Query::new::<E>(begin);
    query.push(sql::LIST_HEAD);
    if let Some(filter) = &list.filter {
        joins(filter, &mut query);
    }
    query.push(if list.show_deleted { " WHERE 1 = 1" } else { " WHERE u.delete_time IS NULL" });
    if let Some(after) = &list.after {
        keyset(after, list.order.descending, &mut query);
    }
    if let Some(filter) = &list.filter {
        query.push(" AND ");
        predicate::<E>(filter, &mut query);
    }
    query.push(order_by(list.order));
    query.push(" LIMIT ").bind(keyset::limit(list.page_size));
    query.push(sql::LIST_TAIL).push(order_by(list.order));
    query
}

/// Spelled so that every engine begins in the index at the place; MySQL does not for a comparison of
/// rows.
fn keyset<'a>(after: &'a Place, descending: bool, query: &mut Query<'a>) {
    let (from, beyond) = if descending { (" <= ", " < ") } else { (" >= ", " > ") };
    match after {
        Place::Created(Position { create_time, id }) => {
            query.push(" AND u.create_time").push(from).bind(Value::Time(*create_time));
            query.push(" AND (u.create_time").push(beyond).bind(Value::Time(*create_time));
            query.push(" OR u.id").push(beyond).bind(Value::Id(id.0)).push(")");
        }
        Place::Email(key) => {
            query.push(" AND u.email_key").push(beyond).bind(Value::Text(key));
        }
    }
}

fn order_by(order: Order) -> &'static str {
    match (order.key, order.descending) {
        (OrderKey::CreateTime, false) => " ORDER BY u.create_time, u.id",
        (OrderKey::CreateTime, true) => " ORDER BY u.create_time DESC, u.id DESC",
        (OrderKey::Email, false) => " ORDER BY u.email_key",
        (OrderKey::Email, true) => " ORDER BY u.email_key DESC",
    }
}
