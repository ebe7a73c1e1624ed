//! SIGKILL in the middle of writes, again and again.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::create_session_response::Result as Signed;
use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    Address, Buyer, CreateSessionRequest, CreateUserRequest, ListUserEventsRequest,
    ListUsersRequest, User,
};
use artisan_testkit::{Engine, TestDatabase};
use artisan_user_service::token::SigningKeys;
use tonic::Request;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::running::{Running, program};

artisan_testkit::on_engine!(sqlite, Sqlite, every_user_is_whole_or_absent_after_kills);
artisan_testkit::on_engine!(mariadb, MariaDb, every_user_is_whole_or_absent_after_kills);
artisan_testkit::on_engine!(postgres, Postgres, every_user_is_whole_or_absent_after_kills);

const KILLS: usize = 20;
const WRITERS: usize = 4;
const PASSWORD: &str = "Senha-Forte-1";
const ADMIN: &str = "admin@example.com";

struct Service {
    running: Running,
    channel: Channel,
}

impl Service {
    async fn start(database: &TestDatabase, key: &str) -> Self {
        let mut command = program(database.url());
        command
            .env("TOKEN_SIGNING_KEY", key)
            .env("BOOTSTRAP_ADMIN_EMAIL", ADMIN)
            .env("BOOTSTRAP_ADMIN_PASSWORD", PASSWORD)
            .env("ARGON2_MEMORY_KIB", "8")
            .env("ARGON2_ITERATIONS", "1");
        let starting = tokio::task::spawn_blocking(move || {
            let mut running = Running::start_as(command.env("RUST_LOG", "info"));
            running.until("the database is ready");
            running
        });
        let running = starting.await.unwrap();
        let channel = Channel::from_shared(format!("http://{}", running.grpc)).unwrap();
        Self { channel: channel.connect().await.unwrap(), running }
    }

    fn users(&self) -> UserServiceClient<Channel> {
        UserServiceClient::new(self.channel.clone())
    }

    async fn sign_in(&self, email: &str) -> String {
        let request =
            CreateSessionRequest { email: email.to_owned(), password: PASSWORD.to_owned() };
        let mut auth = AuthServiceClient::new(self.channel.clone());
        match auth.create_session(request).await.unwrap().into_inner().result {
            Some(Signed::Tokens(tokens)) => tokens.access_token,
            other => panic!("{other:?}"),
        }
    }
}

async fn migrate(database: &TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => artisan_migrations::SQLITE,
        Engine::MariaDb | Engine::MySql => artisan_migrations::MYSQL,
        Engine::Postgres => artisan_migrations::POSTGRES,
    };
    let files = files.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
}

fn request() -> CreateUserRequest {
    let buyer = Buyer { full_name: "João da Silva".to_owned(), phone: "7191234567".to_owned() };
    let address = Address {
        street: "Rua das Flores".to_owned(),
        neighborhood: "Centro".to_owned(),
        city: "Salvador".to_owned(),
        state: "BA".to_owned(),
        zip_code: "40000-000".to_owned(),
        ..Address::default()
    };
    let user = User {
        email: format!("{}@example.com", Uuid::new_v4()),
        password: PASSWORD.to_owned(),
        profile: Some(Profile::Buyer(buyer)),
        address: Some(address),
        ..User::default()
    };
    let request_id = Uuid::new_v4().to_string();
    CreateUserRequest { user: Some(user), request_id, ..CreateUserRequest::default() }
}

/// Creates users until the service is gone: those that were answered, by their e-mails, and the request
/// that was not.
async fn create_until_the_end(
    mut users: UserServiceClient<Channel>,
) -> (HashMap<String, String>, CreateUserRequest) {
    let mut created = HashMap::new();
    loop {
        let request = request();
        match users.create_user(request.clone()).await {
            Ok(user) => {
                let user = user.into_inner();
                created.insert(user.email, user.name);
            }
            Err(_) => return (created, request),
        }
    }
}

async fn every_user_is_whole_or_absent_after_kills(database: TestDatabase) {
    migrate(&database).await;
    let key = SigningKeys::generate_pem().unwrap();
    let mut created = HashMap::new();
    let mut unanswered: Vec<CreateUserRequest> = Vec::new();
    let mut service = Service::start(&database, &key).await;
    for _ in 0..KILLS {
        let writers: Vec<_> =
            (0..WRITERS).map(|_| tokio::spawn(create_until_the_end(service.users()))).collect();
        let pause = 5 + RandomState::new().hash_one(()) % 60;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        service.running.kill();
        for writer in writers {
            let (done, open) = writer.await.unwrap();
            created.extend(done);
            unanswered.push(open);
        }
        service = Service::start(&database, &key).await;
        // Whether it was done or not: asked again, it is done once.
        for open in unanswered.drain(..) {
            let user = service.users().create_user(open).await.unwrap().into_inner();
            created.insert(user.email, user.name);
        }
    }
    let admin = service.sign_in(ADMIN).await;
    let found = all_users(&service, &admin).await;
    assert_eq!(found.len(), created.len() + 1, "the administrator is one more");
    for user in found.iter().filter(|user| user.email != ADMIN) {
        assert_eq!(created.get(&user.email), Some(&user.name));
        assert!(user.profile.is_some() && user.address.is_some(), "{user:?}");
        assert_eq!(events(&service, &admin, &user.name).await, ["user.created"]);
        service.sign_in(&user.email).await;
    }
}

fn by<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

async fn all_users(service: &Service, admin: &str) -> Vec<User> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListUsersRequest { page_size: 100, page_token, ..Default::default() };
        let page = service.users().list_users(by(admin, request)).await.unwrap().into_inner();
        found.extend(page.users);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

async fn events(service: &Service, admin: &str, parent: &str) -> Vec<String> {
    let request = ListUserEventsRequest { parent: parent.to_owned(), ..Default::default() };
    let page = service.users().list_user_events(by(admin, request)).await.unwrap().into_inner();
    page.user_events.into_iter().map(|event| event.r#type).collect()
}
