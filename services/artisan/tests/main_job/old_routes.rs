//! A front end that was written for the predecessor goes on working.

use artisan_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::client::Caller;
use crate::examples::PASSWORD;
use crate::platform::Platform;

artisan_testkit::on_every_engine! { users_register_by_the_old_routes_and_sign_in_by_the_new }

fn address() -> Value {
    json!({
        "street": "Rua das Flores", "number": "123", "complement": "Apto 101",
        "neighborhood": "Pelourinho", "city": "Salvador", "state": "BA", "zip_code": "40026-010"
    })
}

async fn users_register_by_the_old_routes_and_sign_in_by_the_new(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[("DATABASE_URL", database.url())]).await;
    let caller = Caller::anonymous(&platform.http);

    let shop = json!({
        "email": "ana@example.com", "password": PASSWORD, "store_name": "Ateliê", "bio": "Rendas"
    });
    let answer = caller.post("/api/auth/register/artisan", &shop).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json["address"], Value::Null);
    assert_eq!(answer.json["phone"], Value::Null);
    assert_eq!((answer.text_at("/role"), answer.text_at("/status")), ("artisan", "active"));

    let joao = json!({
        "email": "joao@example.com", "password": PASSWORD, "full_name": "João da Silva",
        "phone": "71988887777", "address": address()
    });
    let answer = caller.post("/api/auth/register/buyer", &joao).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.text_at("/address/country"), "Brasil");
    assert_eq!(answer.text_at("/address/zip_code"), "40026-010");
    assert!(answer.text_at("/registration_date").ends_with('Z'), "{}", answer.text);
    let id = answer.text_at("/user_id").to_owned();

    let me = caller.sign_in("joao@example.com", PASSWORD).await.get("/v1/users/me").await;
    assert_eq!(me.text_at("/name"), format!("users/{id}"));
    assert_eq!(me.text_at("/buyer/fullName"), "João da Silva");

    let mut again = joao.clone();
    again["email"] = "JOAO@example.com".into();
    let answer = caller.post("/api/auth/register/buyer", &again).await;
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(answer.json, json!({"message": "Email already registered."}));

    let mut weak = joao;
    weak["email"] = "maria@example.com".into();
    weak["password"] = "onlyletters!A".into();
    let answer = caller.post("/api/auth/register/buyer", &weak).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(answer.json, json!({"message": "Password must contain at least one number"}));
}
