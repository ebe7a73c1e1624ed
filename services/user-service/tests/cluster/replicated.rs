//! Real replicas, whose replay can be held.

use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::create_session_response::Result as Signed;
use artisan_proto::artisan::user::v1::user::State;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    CreateSessionRequest, CreateUserRequest, DeactivateUserRequest, GetUserRequest, User,
};
use artisan_runtime::secret::Secret;
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{Engine, block_on};
use artisan_user_service::App;
use artisan_user_service::clock::Sources;
use artisan_user_service::config::{BootstrapAdmin, ServiceConfig};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, PgConnection};
use tonic::service::Routes;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::harness::{PASSWORD, buyer, by, config};

type Users = UserServiceClient<Routes>;

const PATIENCE: Duration = Duration::from_mins(1);

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn who_has_written_never_reads_from_a_postgres_that_is_behind() {
    block_on(behind(Pair::of(Engine::Postgres)));
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn who_has_written_never_reads_from_a_mariadb_that_is_behind() {
    block_on(behind(Pair::of(Engine::MariaDb)));
}

/// A primary and its replica, with a database of this test.
struct Pair {
    engine: Engine,
    primary: String,
    replica: String,
    name: String,
}

impl Pair {
    fn of(engine: Engine) -> Self {
        let variable = format!("TEST_{}_REPLICATED_URLS", engine.name().to_uppercase());
        let urls = std::env::var(variable);
        let urls = urls.unwrap_or_else(|_| panic!("run it with `cargo xtask cluster`"));
        let (primary, replica) = urls.split_once(' ').unwrap();
        let name = format!("test_{}", Uuid::new_v4().simple());
        Self { engine, primary: primary.to_owned(), replica: replica.to_owned(), name }
    }

    async fn run(&self, url: &str, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.engine {
            Engine::Postgres => {
                sql.execute(&mut PgConnection::connect(url).await.unwrap()).await.map(drop)
            }
            _ => sql.execute(&mut MySqlConnection::connect(url).await.unwrap()).await.map(drop),
        }
        .unwrap();
    }

    fn database(&self, server: &str) -> String {
        format!("{}/{}", server.rsplit_once('/').unwrap().0, self.name)
    }

    async fn begin(&self) {
        if self.engine == Engine::MariaDb {
            let port = self.primary.rsplit_once(':').unwrap().1.split('/').next().unwrap();
            let follow = format!(
                "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {port}, \
                 MASTER_USER = 'root', MASTER_USE_GTID = slave_pos; START SLAVE"
            );
            self.run(&self.replica, &follow).await;
        }
        self.run(&self.primary, &format!("CREATE DATABASE {}", self.name)).await;
        let files = match self.engine {
            Engine::Postgres => artisan_migrations::POSTGRES,
            _ => artisan_migrations::MYSQL,
        };
        let files = files.iter().map(|file| (file.name, file.text));
        artisan_migrate::upgrade_to_head(&self.database(&self.primary), files).await.unwrap();
    }

    /// Whether the replica applies what it gets.
    async fn replay(&self, goes_on: bool) {
        let sql = match (self.engine, goes_on) {
            (Engine::Postgres, false) => "SELECT pg_wal_replay_pause()",
            (Engine::Postgres, true) => "SELECT pg_wal_replay_resume()",
            (_, false) => "STOP SLAVE SQL_THREAD",
            (_, true) => "START SLAVE SQL_THREAD",
        };
        self.run(&self.replica, sql).await;
    }
}

fn app(pair: &Pair, settings: &ServiceConfig, replica: bool) -> (App, Store) {
    let options = StoreOptions::default();
    let mut store = Store::connect(&pair.database(&pair.primary), options).unwrap();
    if replica {
        store = store.with_replica(&pair.database(&pair.replica), options).unwrap();
    }
    (App::build(settings, store.clone(), Sources::system()).unwrap(), store)
}

async fn get(app: &App, token: &str, name: &str) -> Result<User, Status> {
    let request = GetUserRequest { name: name.to_owned() };
    Ok(Users::new(app.routes()).get_user(by(token, request)).await?.into_inner())
}

async fn sign_in(app: &App, email: &str) -> String {
    let request = CreateSessionRequest { email: email.to_owned(), password: PASSWORD.to_owned() };
    match AuthServiceClient::new(app.routes())
        .create_session(request)
        .await
        .unwrap()
        .into_inner()
        .result
    {
        Some(Signed::Tokens(tokens)) => tokens.access_token,
        other => panic!("{other:?}"),
    }
}

async fn register(app: &App, email: &str) -> User {
    let request = CreateUserRequest { user: Some(buyer(email)), ..Default::default() };
    Users::new(app.routes()).create_user(request).await.unwrap().into_inner()
}

async fn behind(pair: Pair) {
    pair.begin().await;
    // Two processes of the service: what one writes, the other one reads.
    let settings = config();
    let (writer, _) = app(&pair, &settings, false);
    let (reader, store) = app(&pair, &settings, true);
    let begun = Instant::now();
    while !store.look_at_replica().await.unwrap_or(false) {
        assert!(begun.elapsed() < PATIENCE, "the replica does not come");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let admin = BootstrapAdmin {
        email: "admin@example.com".to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
    };
    writer.bootstrap_admin(&admin).await.unwrap();
    let admin = sign_in(&writer, "admin@example.com").await;
    pair.replay(false).await;
    for number in 0..20 {
        let email = format!("user-{number}@example.com");
        let user = register(&writer, &email).await;
        let token = sign_in(&writer, &email).await;
        assert_eq!(get(&reader, &token, "users/me").await.unwrap().name, user.name);
        let request = DeactivateUserRequest { name: user.name.clone() };
        Users::new(writer.routes()).deactivate_user(by(&admin, request)).await.unwrap();
        let seen = get(&reader, &admin, &user.name).await.unwrap();
        assert_eq!(seen.state(), State::Inactive);
    }
    pair.replay(true).await;
    // Once what the administrator wrote has arrived, it is the replica that answers: a stranger's writes
    // are not waited for.
    let begun = Instant::now();
    for number in 0.. {
        pair.replay(false).await;
        let unseen = register(&writer, &format!("unseen-{number}@example.com")).await;
        let seen = get(&reader, &admin, &unseen.name).await;
        pair.replay(true).await;
        match seen {
            Err(error) => {
                assert_eq!(error.code(), Code::NotFound);
                break;
            }
            Ok(_) => assert!(begun.elapsed() < PATIENCE, "the replica is never asked"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
