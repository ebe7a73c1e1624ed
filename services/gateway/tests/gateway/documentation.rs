//! The pages, and the contract for readers.

use artisan_proto::artisan::user::v1::User;
use artisan_proto::http::ROUTES;

use crate::client::Answer;
use crate::stack::Stack;
use crate::upstream::Upstream;

const PAGES: [&str; 2] = ["/docs", "/console"];

async fn stack() -> Stack {
    Stack::start(Upstream::saying(&User::default())).await
}

/// The addresses of scripts and styles in a page.
fn files(html: &str) -> Vec<&str> {
    html.split('"').filter(|text| is_a(text, "css") || is_a(text, "js")).collect()
}

fn is_a(file: &str, extension: &str) -> bool {
    std::path::Path::new(file).extension().is_some_and(|own| own == extension)
}

#[tokio::test]
async fn the_openapi_document_lists_every_route() {
    let answer = stack().await.get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    let count = paths.values().flat_map(|item| item.as_object().unwrap().keys());
    let verbs = ["get", "put", "post", "patch", "delete"];
    assert_eq!(count.filter(|key| verbs.contains(&key.as_str())).count(), ROUTES.len());
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let stack = stack().await;
    for path in PAGES {
        let page = stack.get(path).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let policy = page.header("content-security-policy");
        for rule in
            ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let files = files(&page.text);
        assert_eq!(files.len(), 2, "{files:?}");
        for file in files {
            let file = stack.get(file).await;
            assert_eq!(file.status, 200);
            assert!(!file.text.contains("http://") && !file.text.contains("https://"), "{path}");
        }
        assert!(!page.text.contains("http://") && !page.text.contains("https://"));
        assert!(
            !page.text.contains("<script>") && !page.text.contains("style="),
            "the policy forbids it"
        );
    }
}

#[tokio::test]
async fn files_have_their_types_and_are_kept_for_ever() {
    let stack = stack().await;
    for path in PAGES {
        let page = stack.get(path).await;
        assert_eq!(page.header("cache-control"), "no-cache");
        for file in files(&page.text) {
            let answer = stack.get(file).await;
            let kind = if is_a(file, "css") { "text/css" } else { "text/javascript" };
            assert_eq!(answer.header("content-type"), format!("{kind}; charset=utf-8"));
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let stack = stack().await;
    for path in ["/docs", "/console", "/openapi.json"] {
        let tag = stack.get(path).await.header("etag").to_owned();
        let again = asked_with(&stack, path, &tag).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{path}");
        assert_eq!(asked_with(&stack, path, "\"another\"").await.status, 200, "{path}");
    }
}

async fn asked_with(stack: &Stack, path: &str, tag: &str) -> Answer {
    stack.send(&format!("GET {path}"), &[("if-none-match", tag)], "").await
}

#[tokio::test]
async fn a_file_of_another_release_is_not_kept_and_no_file_is_a_problem() {
    let stack = stack().await;
    let other = stack.get("/console/0123456789abcdef/app.js").await;
    assert_eq!((other.status.as_u16(), other.header("cache-control")), (200, "no-cache"));
    let none = stack.get("/console/0123456789abcdef/secret.js").await;
    none.problem(404, "ROUTE_NOT_FOUND");
    assert_eq!(stack.get("/console/").await.header("location"), "/console");
}
