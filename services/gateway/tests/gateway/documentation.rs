//! The contract for readers.

use artisan_proto::artisan::user::v1::User;
use artisan_proto::http::ROUTES;

use crate::stack::Stack;
use crate::upstream::Upstream;

async fn stack() -> Stack {
    Stack::start(Upstream::saying(&User::default())).await
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
async fn the_page_loads_nothing_from_elsewhere() {
    let stack = stack().await;
    let page = stack.get("/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    for path in ["/docs/style.css", "/docs/script.js"] {
        assert!(page.text.contains(path), "{path}");
        let file = stack.get(path).await;
        assert_eq!(file.status, 200);
        assert!(!file.text.contains("http://") && !file.text.contains("https://"), "{path}");
    }
    assert!(!page.text.contains("http://") && !page.text.contains("https://"));
    assert!(
        !page.text.contains("<script>") && !page.text.contains("style="),
        "the policy forbids it"
    );
}
