#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
//! What the program says of calls with secrets and personal data, at the most talkative level: nothing.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use artisan_proto::artisan::user::v1 as pb;
use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::create_session_response::Result as Signed;
use artisan_proto::artisan::user::v1::schema_service_client::SchemaServiceClient;
use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_testkit::{Engine, SmtpServer, TestDatabase, on_every_engine};
use artisan_user_service::access::TABLE;
use artisan_user_service::token::SigningKeys;
use prost_types::FieldMask;
use tonic::transport::Channel;
use tonic::{Request, Status};

on_every_engine! { no_secret_and_no_address_is_told }

const ADMIN: &str = "marked-admin@example.com";
const ANA: &str = "marked-ana@example.com";
const NEW: &str = "marked-new@example.com";
const NOBODY: &str = "marked-nobody@example.com";
const PASSWORD: &str = "Marked-Password-1";
const OTHER: &str = "Marked-Password-2";
const THIRD: &str = "Marked-Password-3";
const HASH: &str = "pbkdf2:sha1:10$markedSALT$66377841054ebaf6490dd002c02240f9f03cccf9";

struct Program {
    child: Child,
    grpc: SocketAddr,
    admin: SocketAddr,
    told: std::thread::JoinHandle<String>,
}

impl Program {
    fn start(database: &TestDatabase, smtp: u16, key: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_user-service"))
            .env_clear()
            .current_dir(std::env::temp_dir())
            .env("DATABASE_URL", database.url())
            .env("TOKEN_SIGNING_KEY", key)
            .env("GRPC_ADDR", "127.0.0.1:0")
            .env("ADMIN_ADDR", "127.0.0.1:0")
            .env("DRAIN_DELAY", "0s")
            .env("ARGON2_MEMORY_KIB", "8")
            .env("BOOTSTRAP_ADMIN_EMAIL", ADMIN)
            .env("BOOTSTRAP_ADMIN_PASSWORD", PASSWORD)
            .env("SMTP_URL", format!("smtp://127.0.0.1:{smtp}?tls=none"))
            .env("MAIL_FROM", "Shop <no-reply@shop.example>")
            .env("MAIL_LINK_URL", "https://shop.example/account")
            .env("RUST_LOG", "trace")
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let mut until = |text: &str| loop {
            let before = said.len();
            assert_ne!(log.read_line(&mut said).unwrap(), 0, "{said}");
            if said[before..].contains(text) {
                return said[before..].to_owned();
            }
        };
        let line = until("\"listening\"");
        until("the database is ready");
        let address = |name: &str| {
            let (_, rest) = line.split_once(&format!("\"{name}\":\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        let (grpc, admin) = (address("grpc"), address("admin"));
        // The pipe must not fill up.
        let told = std::thread::spawn(move || {
            log.read_to_string(&mut said).unwrap();
            said
        });
        Self { child, grpc, admin, told }
    }

    fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.admin).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Everything that it has said, on both of its outputs.
    fn end(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut output = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
        let told = self.told.join().unwrap();
        assert!(self.child.wait().unwrap().success(), "{told}");
        output + &told
    }
}

/// The calls, which note what was called and what must not be told.
struct Calls {
    channel: Channel,
    called: BTreeSet<&'static str>,
    secrets: Vec<String>,
    errors: String,
}

fn by<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if !token.is_empty() {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    request
}

/// Calls an RPC of a service, right or wrong, and keeps what its error says.
macro_rules! call {
    ($calls:ident, $client:ident, $rpc:literal, $method:ident, $token:expr, $message:expr) => {{
        $calls.called.insert($rpc);
        let answer = $client::new($calls.channel.clone()).$method(by($token, $message)).await;
        $calls.note(answer.map(tonic::Response::into_inner))
    }};
}

impl Calls {
    fn note<T>(&mut self, answer: Result<T, Status>) -> Option<T> {
        answer
            .map_err(|status| {
                let details = String::from_utf8_lossy(status.details());
                self.errors.extend([format!("{status:?} "), details.into_owned()]);
            })
            .ok()
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> Option<pb::SessionTokens> {
        let (email, password) = (email.to_owned(), password.to_owned());
        let request = pb::CreateSessionRequest { email, password };
        let answer = call!(
            self,
            AuthServiceClient,
            "AuthService/CreateSession",
            create_session,
            "",
            request
        );
        let Some(Signed::Tokens(tokens)) = answer?.result else { panic!("no tokens") };
        self.secrets.extend([tokens.access_token.clone(), tokens.refresh_token.clone()]);
        Some(tokens)
    }

    /// The token of the newest mail of a kind.
    async fn mailed(&mut self, smtp: &SmtpServer, page: &str, count: usize) -> String {
        let mut wanted = count;
        loop {
            let mails = smtp.wait_for(wanted).await;
            wanted = mails.len() + 1;
            let found = mails.iter().filter_map(|mail| {
                let text = mail.data.replace("=\r\n", "").replace("=3D", "=");
                let (_, rest) = text.split_once(&format!("{page}#token="))?;
                rest.get(..43).map(str::to_owned)
            });
            let mut found: Vec<_> = found.collect();
            if found.len() >= count {
                let token = found.pop().unwrap();
                self.secrets.push(token.clone());
                return token;
            }
        }
    }
}

fn ana() -> pb::User {
    let profile = pb::Buyer { full_name: "Marked Name".to_owned(), ..pb::Buyer::default() };
    pb::User {
        email: ANA.to_owned(),
        password: PASSWORD.to_owned(),
        profile: Some(Profile::Buyer(profile)),
        ..pb::User::default()
    }
}

fn me() -> String {
    "users/me".to_owned()
}

async fn drive(calls: &mut Calls, smtp: &SmtpServer) {
    use {AuthServiceClient as Auth, UserServiceClient as Users};
    let new = || pb::CreateUserRequest {
        user: Some(ana()),
        request_id: "0193d0a0-0000-7000-8000-000000000001".to_owned(),
        ..pb::CreateUserRequest::default()
    };
    let made = call!(calls, Users, "UserService/CreateUser", create_user, "", new()).unwrap();
    let again = pb::CreateUserRequest { request_id: String::new(), ..new() };
    assert!(call!(calls, Users, "UserService/CreateUser", create_user, "", again).is_none());
    let token = calls.mailed(smtp, "verify-email", 1).await;
    let verify = pb::VerifyEmailRequest { token };
    call!(calls, Users, "UserService/VerifyEmail", verify_email, "", verify.clone()).unwrap();
    assert!(call!(calls, Users, "UserService/VerifyEmail", verify_email, "", verify).is_none());
    let admin = calls.sign_in(ADMIN, PASSWORD).await.unwrap().access_token;
    assert!(calls.sign_in(NOBODY, OTHER).await.is_none());
    assert!(calls.sign_in(ANA, OTHER).await.is_none());
    let first = calls.sign_in(ANA, PASSWORD).await.unwrap();
    let refresh = pb::RefreshSessionRequest { refresh_token: first.refresh_token };
    let tokens = call!(calls, Auth, "AuthService/RefreshSession", refresh_session, "", refresh);
    let tokens = tokens.unwrap();
    calls.secrets.extend([tokens.access_token.clone(), tokens.refresh_token]);
    let own = tokens.access_token.as_str();

    let get = pb::GetUserRequest { name: me() };
    call!(calls, Users, "UserService/GetUser", get_user, own, get.clone()).unwrap();
    assert!(
        call!(calls, Users, "UserService/GetUser", get_user, &format!("{own}x"), get).is_none()
    );
    let names = vec![made.name.clone()];
    let batch = pb::BatchGetUsersRequest { names };
    call!(calls, Users, "UserService/BatchGetUsers", batch_get_users, &admin, batch).unwrap();
    for filter in [format!("email = \"{ANA}\""), format!("email = {ANA} {NOBODY}")] {
        let order_by = "email".to_owned();
        let list = pb::ListUsersRequest { filter, order_by, page_size: 1, ..Default::default() };
        call!(calls, Users, "UserService/ListUsers", list_users, &admin, list);
    }
    for (email, mask) in [(NEW, "email"), ("marked broken@example.com", "email"), (NEW, NOBODY)] {
        let user = pb::User { name: me(), email: email.to_owned(), ..pb::User::default() };
        let update_mask = Some(FieldMask { paths: vec![mask.to_owned()] });
        let update = pb::UpdateUserRequest { user: Some(user), update_mask, ..Default::default() };
        call!(calls, Users, "UserService/UpdateUser", update_user, own, update);
    }
    calls.mailed(smtp, "verify-email", 2).await;
    let ask = pb::RequestEmailVerificationRequest { name: me() };
    call!(
        calls,
        Users,
        "UserService/RequestEmailVerification",
        request_email_verification,
        own,
        ask
    )
    .unwrap();
    calls.mailed(smtp, "verify-email", 3).await;
    let export = pb::ExportUserDataRequest { name: me() };
    call!(calls, Users, "UserService/ExportUserData", export_user_data, own, export).unwrap();
    let events = pb::ListUserEventsRequest { parent: me(), ..Default::default() };
    call!(calls, Users, "UserService/ListUserEvents", list_user_events, own, events).unwrap();
    let watch =
        pb::WatchUsersRequest { filter: format!("email = \"{ANA}\""), ..Default::default() };
    let stream = call!(calls, Users, "UserService/WatchUsers", watch_users, &admin, watch).unwrap();

    manage(calls, smtp, own, &admin).await;
    administer(calls, &admin, &made.name).await;
    drop(stream);
}

async fn manage(calls: &mut Calls, smtp: &SmtpServer, own: &str, admin: &str) {
    use {AuthServiceClient as Auth, SchemaServiceClient as Schemas};
    let sessions = pb::ListSessionsRequest { parent: me(), ..Default::default() };
    let listed = call!(calls, Auth, "AuthService/ListSessions", list_sessions, own, sessions);
    assert_eq!(listed.unwrap().sessions.len(), 1);
    for token in [own, "x", admin] {
        let look = pb::IntrospectTokenRequest { token: token.to_owned() };
        call!(calls, Auth, "AuthService/IntrospectToken", introspect_token, admin, look).unwrap();
    }
    call!(calls, Auth, "AuthService/GetJwks", get_jwks, "", pb::GetJwksRequest {}).unwrap();
    let status = pb::GetSchemaStatusRequest {};
    call!(calls, Schemas, "SchemaService/GetSchemaStatus", get_schema_status, admin, status)
        .unwrap();
    for current in [THIRD, PASSWORD] {
        let change = pb::ChangePasswordRequest {
            name: me(),
            current_password: current.to_owned(),
            new_password: OTHER.to_owned(),
        };
        call!(calls, Auth, "AuthService/ChangePassword", change_password, own, change);
    }
    for email in [ANA, NOBODY] {
        let forget = pb::RequestPasswordResetRequest { email: email.to_owned() };
        call!(calls, Auth, "AuthService/RequestPasswordReset", request_password_reset, "", forget)
            .unwrap();
    }
    let token = calls.mailed(smtp, "reset-password", 1).await;
    for _ in 0..2 {
        let (token, new_password) = (token.clone(), THIRD.to_owned());
        let reset = pb::ResetPasswordRequest { token, new_password };
        call!(calls, Auth, "AuthService/ResetPassword", reset_password, "", reset);
    }
    calls.sign_in(ANA, THIRD).await.unwrap();
}

async fn administer(calls: &mut Calls, admin: &str, name: &str) {
    use {AuthServiceClient as Auth, UserServiceClient as Users};
    let name = || name.to_owned();
    let item = |email: &str, hash: &str| pb::batch_create_users_request::Item {
        user: Some(pb::User { email: email.to_owned(), password: String::new(), ..ana() }),
        password_hash: hash.to_owned(),
        ..Default::default()
    };
    let requests = vec![
        item("marked-imported@example.com", HASH),
        item(ANA, HASH),
        item("marked broken@example.com", &HASH.replace("sha1", "md5")),
    ];
    let import = pb::BatchCreateUsersRequest { requests };
    let made =
        call!(calls, Users, "UserService/BatchCreateUsers", batch_create_users, admin, import);
    assert_eq!(made.unwrap().results.len(), 3);
    calls.sign_in("marked-imported@example.com", "Senha-Forte-1").await;
    let roles = pb::SetUserRolesRequest { name: name(), roles: vec![1] };
    call!(calls, Users, "UserService/SetUserRoles", set_user_roles, admin, roles).unwrap();
    let session =
        pb::RevokeSessionRequest { name: format!("{}/sessions/{}", name(), uuid::Uuid::max()) };
    assert!(
        call!(calls, Auth, "AuthService/RevokeSession", revoke_session, admin, session).is_none()
    );
    let all = pb::RevokeAllSessionsRequest { parent: name() };
    call!(calls, Auth, "AuthService/RevokeAllSessions", revoke_all_sessions, admin, all).unwrap();
    let lock = pb::DeactivateUserRequest { name: name() };
    call!(calls, Users, "UserService/DeactivateUser", deactivate_user, admin, lock).unwrap();
    assert!(calls.sign_in(ANA, THIRD).await.is_none());
    let unlock = pb::ActivateUserRequest { name: name() };
    call!(calls, Users, "UserService/ActivateUser", activate_user, admin, unlock).unwrap();
    let delete = pb::DeleteUserRequest { name: name(), ..Default::default() };
    call!(calls, Users, "UserService/DeleteUser", delete_user, admin, delete).unwrap();
    let undelete = pb::UndeleteUserRequest { name: name(), ..Default::default() };
    call!(calls, Users, "UserService/UndeleteUser", undelete_user, admin, undelete).unwrap();
    let erase = pb::EraseUserRequest { name: name() };
    call!(calls, Users, "UserService/EraseUser", erase_user, admin, erase).unwrap();
}

async fn no_secret_and_no_address_is_told(database: TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => artisan_migrations::SQLITE,
        Engine::MariaDb | Engine::MySql => artisan_migrations::MYSQL,
        Engine::Postgres => artisan_migrations::POSTGRES,
    };
    let files = files.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
    let smtp = SmtpServer::start().await;
    let key = SigningKeys::generate_pem().unwrap();
    let program = Program::start(&database, smtp.port(), &key);
    let channel = Channel::from_shared(format!("http://{}", program.grpc)).unwrap();
    let channel = channel.connect().await.unwrap();
    let (called, errors) = (BTreeSet::new(), String::new());
    let mut calls = Calls { channel, called, secrets: Vec::new(), errors };
    drive(&mut calls, &smtp).await;
    let all: BTreeSet<_> = TABLE.iter().map(|rule| rule.rpc).collect();
    assert_eq!(calls.called, all, "every RPC was called");
    let metrics = program.page("/metrics");
    let Calls { secrets, errors, channel, .. } = calls;
    drop(channel);
    let told = tokio::task::spawn_blocking(|| program.end()).await.unwrap();
    assert!(told.contains("h2::"), "it is talkative");
    assert!(errors.contains("EMAIL_TAKEN") && metrics.contains("rpc_server_call_duration"));
    let lines = key.lines().filter(|line| !line.starts_with("---")).map(str::to_owned);
    let addresses = [ADMIN, ANA, NEW, NOBODY, "marked-imported@example.com"];
    let passwords = [PASSWORD, OTHER, THIRD, "Senha-Forte-1", "66377841054ebaf6490dd", "argon2id$"];
    let fixed = addresses.into_iter().chain(passwords).map(str::to_owned);
    let secrets: Vec<_> = secrets.into_iter().chain(lines).chain(fixed).collect();
    for (place, text) in [("log", &told), ("metrics", &metrics), ("errors", &errors)] {
        for secret in &secrets {
            let line = text.lines().find(|line| line.contains(secret.as_str()));
            assert_eq!(line, None, "{secret} is in the {place}");
            // The signature alone makes a token out of what everybody may know.
            let signature = secret.rsplit_once('.').map(|(_, signature)| signature);
            let signature = signature.filter(|part| part.len() > 40);
            let line = text.lines().find(|line| signature.is_some_and(|part| line.contains(part)));
            assert_eq!(line, None, "a signature is in the {place}");
        }
    }
    for text in [&told, &metrics] {
        let line = text.lines().find(|line| line.to_lowercase().contains("marked"));
        assert_eq!(line, None, "a part of what was sent is told");
    }
}
