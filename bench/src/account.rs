//! The user that is read over and over.

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::create_session_response::Result as Answer;
use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    Address, Buyer, CreateSessionRequest, CreateUserRequest, User,
};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::failure::Failure;
use crate::load::grpc::connect;

/// The password of everybody who is registered here.
pub(crate) const PASSWORD: &str = "Senha-123";

/// A registered user who is signed in.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) user: Uuid,
    pub(crate) signed_in: SignedIn,
}

/// A session, and the token that calls in it bear.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) session: Uuid,
    pub(crate) token: String,
}

/// A user of usual size, as a client registers it.
pub(crate) fn example() -> User {
    User {
        email: "joao.da.silva@example.com".to_owned(),
        profile: Some(Profile::Buyer(Buyer {
            full_name: "João da Silva".to_owned(),
            phone: "+55 71 99999-0000".to_owned(),
        })),
        address: Some(Address {
            street: "Rua Chile".to_owned(),
            number: "17".to_owned(),
            neighborhood: "Centro Histórico".to_owned(),
            city: "Salvador".to_owned(),
            state: "BA".to_owned(),
            zip_code: "40020-000".to_owned(),
            country: "Brasil".to_owned(),
            ..Address::default()
        }),
        ..User::default()
    }
}

/// Registers the example user through the service on this port, and signs in.
pub(crate) async fn register(port: u16) -> Result<Account, Failure> {
    let channel = connect(port).await?;
    let user = create(channel.clone(), example()).await?;
    Ok(Account {
        signed_in: sign_in(channel, &user.email, PASSWORD).await?,
        user: user.uid.parse().map_err(Failure::call)?,
        name: user.name,
    })
}

/// Registers a user with the [`PASSWORD`].
pub(crate) async fn create(channel: Channel, user: User) -> Result<User, Failure> {
    let user = Some(User { password: PASSWORD.to_owned(), ..user });
    let request = CreateUserRequest { user, ..CreateUserRequest::default() };
    let user = UserServiceClient::new(channel).create_user(request).await;
    Ok(user.map_err(Failure::call)?.into_inner())
}

/// Signs in.
pub(crate) async fn sign_in(
    channel: Channel,
    email: &str,
    password: &str,
) -> Result<SignedIn, Failure> {
    let (email, password) = (email.to_owned(), password.to_owned());
    let credentials = CreateSessionRequest { email, password };
    let session = AuthServiceClient::new(channel).create_session(credentials).await;
    match session.map_err(Failure::call)?.into_inner().result {
        Some(Answer::Tokens(tokens)) => {
            let session = tokens.session.unwrap_or_default().name;
            let session = session.rsplit('/').next().unwrap_or_default();
            let session = session.parse().map_err(Failure::call)?;
            Ok(SignedIn { session, token: tokens.access_token })
        }
        other => Err(Failure::call(format!("signing in gave {other:?}"))),
    }
}

/// A key for this run's tokens; it guards nothing, so that it need not be random.
pub(crate) fn signing_key() -> Result<String, Failure> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(Failure::call)?;
    Ok(pem.as_str().to_owned())
}
