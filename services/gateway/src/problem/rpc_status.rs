//! A problem as the `google.rpc.Status` that it stands for, in ProtoJSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Problem, whole_seconds};
use crate::status;

#[derive(Serialize)]
struct Status<'a> {
    code: i32,
    message: &'a str,
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
enum Detail<'a> {
    #[serde(rename = "type.googleapis.com/google.rpc.ErrorInfo")]
    ErrorInfo {
        reason: &'a str,
        domain: &'a str,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        metadata: &'a BTreeMap<String, String>,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.BadRequest", rename_all = "camelCase")]
    BadRequest { field_violations: &'a [super::Violation] },
    #[serde(rename = "type.googleapis.com/google.rpc.RetryInfo", rename_all = "camelCase")]
    RetryInfo { retry_delay: String },
}

pub(super) fn json(problem: &Problem) -> Vec<u8> {
    let (reason, domain, metadata) = (&problem.reason, &problem.domain, &problem.metadata);
    let mut details = vec![Detail::ErrorInfo { reason, domain, metadata }];
    if !problem.violations.is_empty() {
        details.push(Detail::BadRequest { field_violations: &problem.violations });
    }
    if let Some(delay) = problem.retry_after {
        details.push(Detail::RetryInfo { retry_delay: format!("{}s", whole_seconds(delay)) });
    }
    let code = status::code(problem.code).into();
    // Strings and numbers always serialise.
    serde_json::to_vec(&Status { code, message: &problem.detail, details }).unwrap_or_default()
}
