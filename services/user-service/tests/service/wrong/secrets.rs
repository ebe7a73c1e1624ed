use artisan_proto::artisan::user::v1 as pb;
use uuid::Uuid;

use super::{By, INVALID, Row, VALID, World, row};
use crate::harness::PASSWORD;

const CHANGE: &str = "AuthService/ChangePassword";
const RESET: &str = "AuthService/ResetPassword";
const OTHER: &str = "Outra-Senha-2";

pub(super) fn passwords(world: &World) -> Vec<Row> {
    let sign_in = |email: &str, password: &str| pb::CreateSessionRequest {
        email: email.to_owned(),
        password: password.to_owned(),
    };
    let change = |name: &str, current: &str, new: &str| pb::ChangePasswordRequest {
        name: name.to_owned(),
        current_password: current.to_owned(),
        new_password: new.to_owned(),
    };
    vec![
        row(By::Nobody, "AuthService/CreateSession", &sign_in("", ""), INVALID, "email password"),
        row(By::Nobody, "AuthService/CreateSession", &sign_in("x", "x"), INVALID, "email"),
        row(
            By::Nobody,
            "AuthService/CreateSession",
            &sign_in("ana@example.com", &"x".repeat(200_000)),
            "CREDENTIALS_WRONG",
            "",
        ),
        row(By::Ana, CHANGE, &change("users/me", "", ""), INVALID, "current_password new_password"),
        row(
            By::Ana,
            CHANGE,
            &change("users/me", "x", "weak"),
            INVALID,
            &["new_password"; 4].join(" "),
        ),
        row(By::Ana, CHANGE, &change("users/me", PASSWORD, PASSWORD), INVALID, "new_password"),
        row(
            By::Ana,
            CHANGE,
            &change("users/me", "x", OTHER),
            "CURRENT_PASSWORD_WRONG",
            "current_password",
        ),
        row(By::Ana, CHANGE, &change("users/1", PASSWORD, OTHER), INVALID, "name"),
        row(By::Ana, CHANGE, &change(&world.bia, PASSWORD, OTHER), "PERMISSION_DENIED", ""),
        row(By::Admin, CHANGE, &change(&world.ana, PASSWORD, OTHER), "PERMISSION_DENIED", ""),
    ]
}

pub(super) fn tokens(world: &World) -> Vec<Row> {
    let reset = |token: &str, new: &str| pb::ResetPasswordRequest {
        token: token.to_owned(),
        new_password: new.to_owned(),
    };
    // These requests have one text under the same number.
    let one = |text: &str| pb::VerifyEmailRequest { token: text.to_owned() };
    let revoke = |name: String| pb::RevokeSessionRequest { name };
    let unknown = "A".repeat(43);
    let mut rows = vec![
        row(By::Nobody, "AuthService/RequestPasswordReset", &one(""), INVALID, "email"),
        row(By::Nobody, "AuthService/RequestPasswordReset", &one("x"), INVALID, "email"),
        row(By::Nobody, "AuthService/RequestPasswordReset", &one("nobody@example.com"), VALID, ""),
        row(By::Nobody, RESET, &reset("", ""), INVALID, "token new_password"),
        row(By::Nobody, RESET, &reset("x", OTHER), "MAIL_TOKEN_INVALID", "token"),
        row(By::Nobody, RESET, &reset(&unknown, OTHER), "MAIL_TOKEN_INVALID", "token"),
        row(By::Nobody, "UserService/VerifyEmail", &one(""), INVALID, "token"),
        row(By::Nobody, "UserService/VerifyEmail", &one("x"), "MAIL_TOKEN_INVALID", "token"),
        row(By::Nobody, "UserService/VerifyEmail", &one(&unknown), "MAIL_TOKEN_INVALID", "token"),
        row(By::Nobody, "AuthService/RefreshSession", &one(""), INVALID, "refresh_token"),
        row(By::Admin, "AuthService/IntrospectToken", &one(""), INVALID, "token"),
        row(By::Admin, "AuthService/IntrospectToken", &one(&"x".repeat(200_000)), VALID, ""),
        row(
            By::Ana,
            "UserService/RequestEmailVerification",
            &one(&world.bia),
            "PERMISSION_DENIED",
            "",
        ),
        row(
            By::Ana,
            "AuthService/RevokeSession",
            &revoke(format!("users/me/sessions/{}", Uuid::from_u128(1))),
            "SESSION_NOT_FOUND",
            "",
        ),
        row(
            By::Ana,
            "AuthService/RevokeSession",
            &revoke(format!("{}/sessions/{}", world.bia, Uuid::from_u128(1))),
            "PERMISSION_DENIED",
            "",
        ),
    ];
    for token in ["x", "'", &unknown, &world.access_token, &"A".repeat(200_000)] {
        let reason = "REFRESH_TOKEN_INVALID";
        rows.push(row(By::Nobody, "AuthService/RefreshSession", &one(token), reason, ""));
    }
    rows
}
