//! What the recipes that run a manifest's containers here have in common.

mod client;
mod manifest;

pub(crate) use client::{Answer, call};
pub(crate) use manifest::{Container, Mount, Secrets};

use crate::failure::Failure;

/// Signs tokens of throwaway accounts; everybody knows it.
pub(crate) const SIGNING_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n";

/// The body of an answer with that status.
pub(crate) fn answered((status, body): Answer, wanted: u16) -> Result<serde_json::Value, Failure> {
    if status == wanted {
        return Ok(body);
    }
    Err(Failure::new(format!("{status} instead of {wanted}: {body}")))
}

/// What somebody sends who registers.
pub(crate) fn newcomer(email: &str) -> serde_json::Value {
    serde_json::json!({
        "email": email,
        "password": "Senha-123",
        "buyer": { "fullName": "João da Silva" },
        "address": { "street": "Rua Chile", "neighborhood": "Centro Histórico", "city": "Salvador", "state": "BA",
            "zipCode": "40020-000" },
    })
}

/// The token of a new session.
pub(crate) fn sign_in(address: &str, email: &str) -> Result<String, Failure> {
    let login = serde_json::json!({ "email": email, "password": "Senha-123" });
    let session = answered(call(address, "POST /v1/sessions", None, Some(&login))?, 200)?;
    let token = session.pointer("/tokens/accessToken").and_then(serde_json::Value::as_str);
    let token = token.ok_or_else(|| Failure::new(format!("there is no token in {session}")))?;
    Ok(token.to_owned())
}
