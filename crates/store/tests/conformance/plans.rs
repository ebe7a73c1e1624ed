//! A list begins in an index, and reads no more than a page from there.

use artisan_store::{Filter, ListUsers, Order, Place, Position, UserId};
use artisan_testkit::{Engine, TestDatabase};
use uuid::Uuid;

use crate::fixture::{Fixture, after, migrated};

artisan_testkit::on_every_engine! {
    the_last_page_begins_in_the_index_as_the_first_one_does,
    a_filter_is_answered_by_its_index,
}

/// Enough rows for a planner to prefer an index, made by the engine itself.
async fn populated(database: TestDatabase) -> Fixture {
    let fixture = migrated(database).await;
    let sql = match fixture.database.engine() {
        Engine::Sqlite => SQLITE.to_owned(),
        Engine::Postgres => POSTGRES.to_owned(),
        Engine::MySql => MYSQL.replace("@DEPTH", "SET SESSION cte_max_recursion_depth = 100000;"),
        Engine::MariaDb => {
            MYSQL.replace("@DEPTH", "SET SESSION max_recursive_iterations = 100000;")
        }
    };
    fixture.database.execute(&sql).await;
    fixture
}

const SQLITE: &str = "
CREATE TABLE numbers (n INTEGER NOT NULL);
INSERT INTO numbers WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000)
SELECT n FROM s;
INSERT INTO users SELECT randomblob(16), 'u' || n || '@example.com', 'u' || n || '@example.com', 0,
  CASE WHEN n % 100 = 0 THEN 'INACTIVE' ELSE 'ACTIVE' END, 1, 1795000000000000 + n,
  1795000000000000 + n, NULL, NULL FROM numbers;
INSERT INTO buyers SELECT id, email, '' FROM users;
INSERT INTO addresses SELECT id, 's', '', '', 'n', 'City ' || (create_time % 500), 'BA', '1', 'B'
  FROM users;
ANALYZE;";

const POSTGRES: &str = "
INSERT INTO users SELECT gen_random_uuid(), 'u' || n || '@example.com', 'u' || n || '@example.com',
  false, CASE WHEN n % 100 = 0 THEN 'INACTIVE' ELSE 'ACTIVE' END, 1,
  timestamptz '2026-11-23 12:00:00+00' + n * interval '1 second', now(), NULL, NULL
  FROM generate_series(1, 20000) n;
INSERT INTO buyers SELECT id, email, '' FROM users;
INSERT INTO addresses SELECT id, 's', '', '', 'n',
  'City ' || (extract(epoch FROM create_time)::bigint % 500), 'BA', '1', 'B' FROM users;
ANALYZE;";

const MYSQL: &str = "
@DEPTH
CREATE TABLE numbers (n INT NOT NULL);
INSERT INTO numbers WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000)
SELECT n FROM s;
INSERT INTO users SELECT UNHEX(LPAD(HEX(n), 32, '0')), CONCAT('u', n, '@example.com'), CONCAT('u', n, '@example.com'),
  0, IF(n % 100 = 0, 'INACTIVE', 'ACTIVE'), 1, TIMESTAMP '2026-11-23 12:00:00' + INTERVAL n SECOND,
  '2026-11-23', NULL, NULL FROM numbers;
INSERT INTO buyers SELECT id, email, '' FROM users;
INSERT INTO addresses SELECT id, 's', '', '', 'n', CONCAT('City ', UNIX_TIMESTAMP(create_time) % 500),
  'BA', '1', 'B' FROM users;
ANALYZE TABLE users, addresses, buyers;";

async fn plan(store: &Fixture, list: &ListUsers) -> String {
    store.explain_list_users(list).await.expect("a plan")
}

/// Whether the plan chooses the page's users by this index, without looking at all of them.
fn is_by(engine: Engine, plan: &str, index: &str) -> bool {
    match engine {
        Engine::Sqlite => plan.contains(index) && !plan.contains("SCAN users\n"),
        Engine::Postgres => plan.contains(index) && !plan.contains("Seq Scan on users"),
        // The index is among the possible ones in any case; the chosen one has one of these names.
        Engine::MySql | Engine::MariaDb => ["key", "index_name"]
            .iter()
            .any(|name| plan.contains(&format!("\"{name}\": \"{index}\""))),
    }
}

/// Steps that sort before the page is cut out.
fn sorts(engine: Engine, plan: &str) -> bool {
    match engine {
        // The page itself may be sorted once more after the joins: it is small.
        Engine::Sqlite => plan.matches("USE TEMP B-TREE FOR ORDER BY").count() > 1,
        Engine::Postgres => {
            let inner = plan.split("Limit").nth(1).unwrap_or(plan);
            inner.contains("Sort") && !plan.contains("Presorted")
        }
        Engine::MySql | Engine::MariaDb => plan.matches("filesort\": true").count() > 1,
    }
}

async fn the_last_page_begins_in_the_index_as_the_first_one_does(database: TestDatabase) {
    let store = populated(database).await;
    let engine = store.database.engine();
    let position = Position { create_time: after(10000), id: UserId(Uuid::nil()) };
    let created = Place::Created(position);
    let email = Place::Email("u5".to_owned());
    for (order, place, index) in [
        ("create_time", created.clone(), "users_create_time_idx"),
        ("create_time desc", created, "users_create_time_idx"),
        ("email", email.clone(), "users_email_key_unique"),
        ("email desc", email, "users_email_key_unique"),
    ] {
        let order = Order::parse(order).expect("an order");
        for after in [None, Some(place)] {
            let list = ListUsers { page_size: 50, after, order, ..ListUsers::default() };
            let steps = plan(&store, &list).await;
            // SQLite names the index of a constraint itself.
            let index = if engine == Engine::Sqlite && index.contains("email") {
                "sqlite_autoindex_users_2"
            } else {
                index
            };
            assert!(is_by(engine, &steps, index), "{} {list:?}:\n{steps}", order.as_str());
            assert!(!sorts(engine, &steps), "{} {list:?}:\n{steps}", order.as_str());
        }
    }
}

async fn a_filter_is_answered_by_its_index(database: TestDatabase) {
    let store = populated(database).await;
    let engine = store.database.engine();
    for (text, index) in [
        ("state = INACTIVE", "users_state_idx"),
        ("address.city = \"City 7\"", "addresses_city_idx"),
        ("address.city = \"City 499*\" AND state = ACTIVE", "addresses_city_idx"),
        ("buyer.full_name = \"u77@*\"", "buyers_full_name_idx"),
        ("address.city = \"City 7\" OR buyer.full_name = \"u77*\"", "buyers_full_name_idx"),
    ] {
        let filter = Some(Filter::parse(text).expect("a filter"));
        let list = ListUsers { page_size: 50, filter, ..ListUsers::default() };
        let plan = plan(&store, &list).await;
        assert!(is_by(engine, &plan, index), "{text}:\n{plan}");
    }
}
