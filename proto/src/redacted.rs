//! `Debug` of messages that hold passwords, hashes, tokens or e-mail addresses: a message that lands in a log tells
//! none of them.

use std::fmt;

use crate::artisan::user::v1::{
    ChangePasswordRequest, CreateSessionRequest, ExportUserDataResponse, IntrospectTokenRequest,
    ListUsersRequest, RefreshSessionRequest, RequestPasswordResetRequest, ResetPasswordRequest,
    SessionChallenge, SessionTokens, User, VerifyEmailRequest, WatchUsersRequest,
    batch_create_users_request::Item,
};

macro_rules! redacted {
    ($($message:ident { $($shown:ident),* }),+ $(,)?) => {
        $(
            impl fmt::Debug for $message {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($message))
                        $(.field(stringify!($shown), &self.$shown))*
                        .finish_non_exhaustive()
                }
            }
        )+
    };
}

redacted! {
    User { name, state, roles, etag },
    CreateSessionRequest {},
    SessionTokens { session, access_token_expire_time, refresh_token_expire_time },
    SessionChallenge { factors },
    RefreshSessionRequest {},
    ChangePasswordRequest { name },
    ResetPasswordRequest {},
    IntrospectTokenRequest {},
    VerifyEmailRequest {},
    Item { user, user_id },
    RequestPasswordResetRequest {},
    ExportUserDataResponse { user, sessions, events },
    ListUsersRequest { page_size, order_by, show_deleted },
    WatchUsersRequest {},
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::field_descriptor_proto::Type;
    use prost_types::{DescriptorProto, FileDescriptorSet};

    use super::*;
    use crate::FILE_DESCRIPTOR_SET;

    #[test]
    fn secrets_are_not_shown() {
        let user =
            User { password: "hunter2".into(), email: "a@b.example".into(), ..User::default() };
        let tokens = SessionTokens {
            access_token: "hunter2".into(),
            refresh_token: "hunter2".into(),
            ..SessionTokens::default()
        };
        let text = format!("{user:?} {tokens:?}");
        assert!(!text.contains("hunter2") && !text.contains("a@b.example"), "{text}");
    }

    /// The list in `build.rs` names every message with a field that sounds like a secret.
    #[test]
    fn every_message_with_a_secret_is_in_the_list() {
        let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
        let files = set.file.iter().filter(|file| file.package() == "artisan.user.v1");
        let mut found: Vec<String> = Vec::new();
        for message in files.flat_map(|file| &file.message_type) {
            collect(message, &mut found);
        }
        found.sort();
        let mut listed = vec![
            "ChangePasswordRequest",
            "CreateSessionRequest",
            "ExportUserDataResponse",
            "ListUsersRequest",
            "RequestPasswordResetRequest",
            "WatchUsersRequest",
            "IntrospectTokenRequest",
            "Item",
            "RefreshSessionRequest",
            "ResetPasswordRequest",
            "SessionChallenge",
            "SessionTokens",
            "User",
            "VerifyEmailRequest",
        ];
        listed.sort_unstable();
        assert_eq!(found, listed);
    }

    fn collect(message: &DescriptorProto, found: &mut Vec<String>) {
        let is_secret = |name: &str| {
            let harmless = ["page_token", "next_page_token", "resume_token"];
            let telling = ["password", "token", "email", "filter"];
            telling.iter().any(|word| name.contains(word)) && !harmless.contains(&name)
        };
        let texts = message.field.iter().filter(|field| field.r#type() == Type::String);
        if texts.into_iter().any(|field| is_secret(field.name())) {
            found.push(message.name().to_owned());
        }
        for nested in &message.nested_type {
            collect(nested, found);
        }
    }
}
