use std::borrow::Cow;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

use artisan_migrations::{MYSQL, POSTGRES, SQLITE};
use artisan_store::{
    Address, AddressFields, Artisan, ArtisanState, Buyer, Email, NewSession, NewUser, Profile,
    Role, Roles, Session, SessionId, Store, StoreOptions, TokenHash, User, UserId, UserState,
};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection as _, SqlSafeStr as _};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-23 12:00:00.123_456 UTC);
pub(crate) const LATER: OffsetDateTime = datetime!(2026-11-23 12:10:00.654_321 UTC);
pub(crate) const END: OffsetDateTime = datetime!(2026-12-23 12:00:00.123_456 UTC);
pub(crate) const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

/// A store on a migrated database of its own.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) database: TestDatabase,
}

impl Deref for Fixture {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

pub(crate) async fn migrated(database: TestDatabase) -> Fixture {
    let files = match database.engine() {
        Engine::Sqlite => SQLITE,
        Engine::MariaDb | Engine::MySql => MYSQL,
        Engine::Postgres => POSTGRES,
    };
    let up = files.iter().filter(|file| file.name.ends_with(".up.sql"));
    let all: String = up.map(|file| file.text).collect();
    database.execute(&all).await;
    empty(database)
}

/// sqlx's own migrator, whose table is read.
pub(crate) async fn migrate_with_sqlx(database: &TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => SQLITE,
        Engine::MariaDb | Engine::MySql => MYSQL,
        Engine::Postgres => POSTGRES,
    };
    let migrations = files.iter().filter(|file| file.name.ends_with(".up.sql")).map(|file| {
        let (version, name) = file.name.split_once('_').expect("a name");
        let version = version.parse().expect("a version");
        let sql = AssertSqlSafe(file.text).into_sql_str();
        let kind = MigrationType::ReversibleUp;
        Migration::new(version, Cow::Borrowed(name), kind, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // MariaDB does not understand the lock.
    migrator.set_locking(false);
    let url = database.url();
    match database.engine() {
        Engine::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(&format!("{url}?mode=rwc")).await;
            migrator.run(connection.as_mut().expect("a connection")).await
        }
        Engine::MariaDb | Engine::MySql => {
            let mut connection = sqlx::MySqlConnection::connect(url).await;
            migrator.run(connection.as_mut().expect("a connection")).await
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(url).await;
            migrator.run(connection.as_mut().expect("a connection")).await
        }
    }
    .expect("every migration");
}

/// A store on a database that nobody has migrated.
pub(crate) fn empty(database: TestDatabase) -> Fixture {
    let store = Store::connect(database.url(), StoreOptions::default()).expect("a good URL");
    Fixture { store, database }
}

/// An id that no other call gives.
pub(crate) fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128((0x0193_0000 << 96) | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn user_id() -> UserId {
    UserId(new_id())
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).expect("an e-mail")
}

pub(crate) fn salvador() -> Address {
    Address::parse(&AddressFields {
        street: "Rua das Flores",
        number: "123",
        complement: "Loja 4",
        neighborhood: "Pelourinho",
        city: "Salvador",
        state: "BA",
        zip_code: "40026-280",
        country: "",
    })
    .expect("an address")
}

pub(crate) fn artisan() -> Profile {
    let bio = "Cerâmica feita à mão\ndesde 1987";
    let artisan = Artisan::parse("Artisan's Workshop", bio, "71999990000", ArtisanState::Active);
    Profile::Artisan(artisan.expect("an artisan"))
}

pub(crate) fn buyer(name: &str) -> Profile {
    Profile::Buyer(Buyer::parse(name, "").expect("a buyer"))
}

/// An active buyer with an address.
pub(crate) fn joao(address: &str) -> NewUser {
    NewUser {
        id: user_id(),
        has_given_id: true,
        email: email(address),
        email_verified: false,
        state: UserState::Active,
        profile: Some(buyer("João da Silva")),
        address: Some(salvador()),
        roles: Roles::none(),
        password_hash: HASH.to_owned(),
        create_time: NOW,
    }
}

pub(crate) fn admin(address: &str) -> NewUser {
    let roles = Roles::from_iter([Role::Admin]);
    NewUser { profile: None, address: None, roles, email_verified: true, ..joao(address) }
}

pub(crate) fn after(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

pub(crate) fn hash(token: &str) -> TokenHash {
    TokenHash::of(token.as_bytes())
}

impl Fixture {
    pub(crate) async fn joao(&self) -> User {
        self.create_user(&joao("joao@example.com")).await.expect("a new user")
    }

    pub(crate) async fn sign_in(&self, user: UserId, token: &str) -> Session {
        let id = SessionId(new_id());
        let token_hash = hash(token);
        let new = NewSession { id, user_id: user, token_hash, create_time: NOW, expire_time: END };
        self.create_session(&new).await.expect("a new session")
    }

    pub(crate) async fn session(&self, id: SessionId) -> Session {
        self.find_session(id).await.expect("an answer").expect("a session")
    }

    pub(crate) async fn user(&self, id: UserId) -> User {
        self.find_user(id).await.expect("an answer").expect("a user")
    }
}
