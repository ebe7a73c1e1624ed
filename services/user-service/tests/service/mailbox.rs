//! The service with a small mail server, and what its readers find in their mailboxes.

use artisan_proto::artisan::user::v1::{
    GetUserRequest, RequestEmailVerificationRequest, RequestPasswordResetRequest,
    ResetPasswordRequest, UpdateUserRequest, User, VerifyEmailRequest,
};
use artisan_runtime::env::Env;
use artisan_testkit::{ReceivedMail, SmtpServer, TestDatabase};
use artisan_user_service::config::{MailSettings, ServiceConfig};
use artisan_user_service::token::SigningKeys;
use artisan_user_service::{Config, Deliveries};
use prost_types::FieldMask;
use tonic::{Code, Status};

use crate::harness::{Harness, by, config, said};

/// The settings that the environment gives, with mails to this URL.
pub(crate) fn with_mail(url: &str, more: &[(&str, &str)]) -> ServiceConfig {
    let key = SigningKeys::generate_pem().unwrap();
    let fixed = [
        ("DATABASE_URL", "sqlite://not-used.db"),
        ("TOKEN_SIGNING_KEY", key.as_str()),
        ("SMTP_URL", url),
        ("MAIL_FROM", "Artesãos <no-reply@shop.example>"),
        ("MAIL_LINK_URL", "https://shop.example/account/"),
    ];
    let env = Env::from_pairs(fixed.into_iter().chain(more.iter().copied()));
    let mail: Option<MailSettings> = Config::from_env(&env).unwrap().service.mail;
    ServiceConfig { mail, ..config() }
}

pub(crate) fn plain(server: &SmtpServer) -> ServiceConfig {
    with_mail(&format!("smtp://127.0.0.1:{}?tls=none", server.port()), &[])
}

pub(crate) async fn start(database: TestDatabase) -> (Harness, SmtpServer) {
    let server = SmtpServer::start().await;
    (Harness::start_with(database, plain(&server)).await, server)
}

/// The text of a mail, in which lines are broken and letters are coded for the way.
pub(crate) fn decoded(mail: &ReceivedMail) -> String {
    let whole = mail.data.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = whole.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

pub(crate) fn header<'a>(mail: &'a ReceivedMail, name: &str) -> &'a str {
    let head = mail.data.split("\r\n\r\n").next().unwrap();
    let start = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{head}"))
}

/// The token behind the link, which stands in the text and twice in the HTML.
pub(crate) fn token(mail: &ReceivedMail, page: &str) -> String {
    let text = decoded(mail);
    let start = format!("https://shop.example/account/{page}#token=");
    let tokens: Vec<_> = text
        .split(&start)
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)))
        .map(Iterator::collect::<String>)
        .collect();
    assert_eq!(tokens.len(), 3, "{text}");
    assert!(tokens.iter().all(|token| token.len() == 43 && *token == tokens[0]), "{tokens:?}");
    tokens[0].clone()
}

impl Harness {
    pub(crate) async fn deliver(&self) -> Deliveries {
        self.app.deliver_mails().await.unwrap()
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<User, Status> {
        let request = VerifyEmailRequest { token: token.to_owned() };
        Ok(self.users().verify_email(request).await?.into_inner())
    }

    pub(crate) async fn forget(&self, email: &str) -> Result<(), Status> {
        let request = RequestPasswordResetRequest { email: email.to_owned() };
        self.auth().request_password_reset(request).await.map(|_| ())
    }

    pub(crate) async fn reset(&self, token: &str, password: &str) -> Result<(), Status> {
        let (token, new_password) = (token.to_owned(), password.to_owned());
        let request = ResetPasswordRequest { token, new_password };
        self.auth().reset_password(request).await.map(|_| ())
    }

    pub(crate) async fn ask_again(&self, token: &str) -> Result<(), Status> {
        let request = RequestEmailVerificationRequest { name: "users/me".to_owned() };
        self.users().request_email_verification(by(token, request)).await.map(|_| ())
    }

    pub(crate) async fn change_email(&self, token: &str, email: &str) -> Result<User, Status> {
        let user = User { name: "users/me".to_owned(), email: email.to_owned(), ..User::default() };
        let update_mask = Some(FieldMask { paths: vec!["email".to_owned()] });
        let request = UpdateUserRequest { user: Some(user), update_mask, ..Default::default() };
        Ok(self.users().update_user(by(token, request)).await?.into_inner())
    }

    pub(crate) async fn me(&self, token: &str) -> Result<User, Status> {
        let request = GetUserRequest { name: "users/me".to_owned() };
        Ok(self.users().get_user(by(token, request)).await?.into_inner())
    }
}

pub(crate) fn sent(sent: u32) -> Deliveries {
    Deliveries { sent, ..Deliveries::default() }
}

pub(crate) fn invalid_token() -> (Code, String, Vec<String>) {
    said(Code::InvalidArgument, "MAIL_TOKEN_INVALID", &["token"])
}
