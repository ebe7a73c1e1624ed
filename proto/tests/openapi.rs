//! The generated `OpenAPI` document: whole, consistent, and in step with the routes.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail with the test")]

use std::collections::BTreeSet;

use artisan_proto::http;
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(http::OPENAPI).unwrap()
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(|(verb, operation)| (verb.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

#[test]
fn every_route_is_an_operation() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    assert_eq!(operations.len(), http::ROUTES.len());
    for route in http::ROUTES {
        let service = route.service.rsplit('.').next().unwrap();
        let id = format!("{service}_{}", route.rpc);
        let (verb, path, operation) = operations
            .iter()
            .find(|(_, _, operation)| operation["operationId"] == id.as_str())
            .unwrap();
        assert_eq!(verb, route.verb);
        assert_eq!(path.matches('{').count(), route.template.matches('*').count(), "{path}");
        assert_eq!(operation.get("requestBody").is_some(), route.accepts_body, "{id}");
        let success = if route.creates { "201" } else { "200" };
        assert!(operation["responses"].get(success).is_some(), "{id}");
        assert!(operation["description"].is_string(), "{id}");
    }
}

#[test]
fn the_parameters_of_a_path_are_all_declared() {
    for (verb, path, operation) in operations(&document()) {
        let none = Vec::new();
        let declared: BTreeSet<_> = operation
            .get("parameters")
            .map_or(&none, |parameters| parameters.as_array().unwrap())
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        let used: BTreeSet<_> = path
            .split('{')
            .skip(1)
            .map(|rest| rest.split_once('}').unwrap().0.to_owned())
            .collect();
        assert_eq!(declared, used, "{verb} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    match member {
                        Value::String(target) if key == "$ref" => found.push(target.clone()),
                        _ => references(member, found),
                    }
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    references(element, found);
                }
            }
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some_and(Value::is_object), "{reference}");
    }
}

#[test]
fn limits_and_behavior_are_told() {
    let document = document();
    let user = &document["components"]["schemas"]["User"];
    assert_eq!(user["properties"]["email"]["maxLength"], 320);
    assert_eq!(user["properties"]["password"]["minLength"], 8);
    assert_eq!(user["properties"]["password"]["writeOnly"], true);
    assert_eq!(user["properties"]["createTime"]["readOnly"], true);
    assert_eq!(user["properties"]["createTime"]["format"], "date-time");
    assert_eq!(user["required"], serde_json::json!(["email"]));
    assert_eq!(user["allOf"], serde_json::json!([{"not": {"required": ["artisan", "buyer"]}}]));
    assert_eq!(document["components"]["schemas"]["UserPatch"].get("required"), None);
}

fn operation<'d>(document: &'d Value, id: &str) -> &'d Value {
    let found = operations(document).into_iter().find(|(_, _, each)| each["operationId"] == id);
    found.unwrap().2
}

/// The schema of an operation's parameter.
fn parameter<'d>(document: &'d Value, id: &str, name: &str) -> &'d Value {
    let all = operation(document, id)["parameters"].as_array().unwrap();
    &all.iter().find(|each| each["name"] == name).unwrap()["schema"]
}

#[test]
fn what_is_needed_at_creation_is_told_there_only() {
    let document = document();
    let create = operation(&document, "UserService_CreateUser");
    let body = &create["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["$ref"], "#/components/schemas/User");
    assert_eq!(body["required"], serde_json::json!(["email", "password"]));
    let profiles = serde_json::json!([{"required": ["artisan"]}, {"required": ["buyer"]}]);
    assert_eq!(body["anyOf"], profiles);
    let item =
        &document["components"]["schemas"]["BatchCreateUsersRequest.Item"]["properties"]["user"];
    assert_eq!((&item["required"], &item["anyOf"]), (&serde_json::json!(["email"]), &profiles));
    let patch = &document["components"]["schemas"]["UserPatch"]["properties"];
    assert_eq!(patch.get("password"), None, "a password is given at creation only");
    assert!(patch.get("email").is_some_and(|email| email.get("anyOf").is_none()));
}

#[test]
fn what_is_only_checked_is_answered_with_200() {
    let document = document();
    let responses = &operation(&document, "UserService_CreateUser")["responses"];
    assert!(responses["200"]["headers"].get("Location").is_none());
    assert!(responses["201"]["headers"].get("Location").is_some());
}

#[test]
fn forms_of_texts_are_told() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let pattern = |schema: &Value| schema["pattern"].as_str().unwrap().to_owned();
    assert!(pattern(&schemas["Buyer"]["properties"]["phone"]).starts_with("^[^"));
    assert!(pattern(&schemas["User"]["properties"]["password"]).starts_with("^(?="));
    assert_eq!(schemas["User"]["properties"]["uid"]["format"], "uuid");
    let names = parameter(&document, "UserService_BatchGetUsers", "names");
    assert!(pattern(&names["items"]).contains("|users/me)$"), "{names}");
    assert_eq!(names["maxItems"], 1000);
    let mask = pattern(parameter(&document, "UserService_UpdateUser", "updateMask"));
    assert!(mask.contains(r"|address\.zipCode|") && !mask.contains("password"), "{mask}");
    let order = pattern(parameter(&document, "UserService_ListUsers", "orderBy"));
    assert!(order.contains("create_time"), "{order}");
    let roles = &schemas["User"]["properties"]["roles"]["items"];
    assert_eq!(roles["not"], serde_json::json!({"const": "ROLE_UNSPECIFIED"}));
}

#[test]
fn credentials_are_asked_for_but_by_public_methods() {
    let document = document();
    assert_eq!(document["security"], serde_json::json!([{"bearer": []}]));
    let public: BTreeSet<_> = operations(&document)
        .into_iter()
        .filter(|(_, _, operation)| operation.get("security").is_some())
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "AuthService_CreateSession",
        "AuthService_GetJwks",
        "AuthService_RefreshSession",
        "AuthService_RequestPasswordReset",
        "AuthService_ResetPassword",
        "UserService_CreateUser",
        "UserService_VerifyEmail",
    ];
    assert_eq!(public, expected.map(str::to_owned).into());
}
