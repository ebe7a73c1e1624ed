//! How mails come to their server, whatever it does with them.

use std::time::Duration;

use artisan_testkit::{
    SMTP_CA, SmtpBehaviour, SmtpServer, SmtpTls, TestDatabase, on_engine, on_every_engine,
};
use artisan_user_service::Deliveries;

use crate::harness::{Harness, artisan, buyer};
use crate::mailbox::{decoded, header, sent, start, token, with_mail};

on_every_engine! {
    mail_that_was_not_taken_is_sent_again_with_the_same_id,
    sender_that_died_is_followed_by_another,
    two_replicas_send_each_mail_once,
}
on_engine!(
    sqlite_only,
    Sqlite,
    mails_are_in_the_language_of_the_country,
    mail_has_text_and_html_and_hides_nothing_in_them,
    mail_that_is_refused_for_good_is_given_up,
    a_server_that_lets_nobody_in_says_nothing_of_the_mail,
    a_server_that_says_nothing_more_has_refused_the_mail,
    mail_that_is_never_taken_is_given_up,
    wrong_credentials_are_no_reason_to_give_up,
    hanging_server_is_left,
    mails_to_international_addresses_are_sent,
    mails_go_through_tls_only_to_a_server_that_is_trusted,
    starttls_that_is_required_is_not_left_out,
    mails_go_to_a_folder,
);

async fn mail_that_was_not_taken_is_sent_again_with_the_same_id(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let troubles = [
        SmtpBehaviour::DropAtGreeting,
        SmtpBehaviour::Answer("RCPT", 451),
        SmtpBehaviour::Answer("DATA", 452),
        SmtpBehaviour::DropAfterData,
        SmtpBehaviour::KeepAndDrop,
    ];
    server.next(troubles);
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    for attempt in 0..troubles.len() {
        let deferred = Deliveries { deferred: 1, ..Deliveries::default() };
        assert_eq!(harness.deliver().await, deferred, "attempt {attempt}");
        assert_eq!(harness.deliver().await, sent(0), "it has to wait");
        harness.clock.advance(Duration::from_mins(10));
    }
    assert_eq!(harness.deliver().await, sent(1));
    let mails = server.received();
    // The server that took it and did not say so got it twice, and can tell.
    assert_eq!(mails.len(), 2);
    assert_eq!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
    assert_eq!(header(&mails[0], "Date"), header(&mails[1], "Date"));
    assert!(header(&mails[0], "Message-ID").ends_with("@shop.example>"));
    let [one, other] = [0, 1].map(|at| token(&mails[at], "verify-email"));
    assert_eq!(one, other);
    assert_eq!(harness.verify(&one).await.unwrap().name, user.name);
}

/// What `kill -9` leaves: a claim that nobody ends.
async fn sender_that_died_is_followed_by_another(database: TestDatabase) {
    let (harness, server) = start(database).await;
    server.next([SmtpBehaviour::AcceptAfter(Duration::from_hours(1))]);
    harness.register(buyer("a@example.com")).await.unwrap();
    let (app, connected) = (harness.app.clone(), server.connections());
    let dying = tokio::spawn(async move { app.deliver_mails().await });
    while server.connections() == connected {
        tokio::task::yield_now().await;
    }
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    assert_eq!(harness.deliver().await, sent(0), "it may still be alive");
    harness.clock.advance(Duration::from_mins(3));
    assert_eq!(harness.deliver().await, sent(1));
    harness.verify(&token(&server.received()[0], "verify-email")).await.unwrap();
}

async fn two_replicas_send_each_mail_once(database: TestDatabase) {
    let (harness, server) = start(database).await;
    for number in 0..12 {
        harness.register(buyer(&format!("u{number}@example.com"))).await.unwrap();
    }
    let other = harness.replica();
    let (one, two) = tokio::join!(harness.app.deliver_mails(), other.deliver_mails());
    assert_eq!(one.unwrap().sent + two.unwrap().sent, 12);
    let mut ids: Vec<_> =
        server.received().iter().map(|mail| header(mail, "Message-ID").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.received().len()), (12, 12));
}

async fn mails_are_in_the_language_of_the_country(database: TestDatabase) {
    let server = SmtpServer::start().await;
    let url = format!("smtp://127.0.0.1:{}?tls=none", server.port());
    let config = with_mail(&url, &[("MAIL_LANGUAGE", "en")]);
    let harness = Harness::start_with(database, config).await;
    let with_country = |email: &str, country: &str| {
        let mut user = artisan(email);
        country.clone_into(&mut user.address.as_mut().unwrap().country);
        user
    };
    let cases = [
        (buyer("none@example.com"), "en"),
        (with_country("br@example.com", ""), "pt-BR"),
        (with_country("pt@example.com", "PORTUGAL"), "pt-BR"),
        (with_country("fr@example.com", "France"), "en"),
    ];
    for (user, language) in cases {
        let email = harness.register(user).await.unwrap().email;
        harness.deliver().await;
        let mail = server.received().pop().unwrap();
        assert_eq!(header(&mail, "Content-Language"), language, "{email}");
        let greeting = if language == "en" { "Hello" } else { "Olá" };
        assert!(decoded(&mail).contains(greeting), "{email}: {}", decoded(&mail));
    }
}

async fn mail_has_text_and_html_and_hides_nothing_in_them(database: TestDatabase) {
    use artisan_proto::artisan::user::v1::user::Profile;
    let (harness, server) = start(database).await;
    let mut user = artisan("o'neil+x@example.com");
    if let Some(Profile::Artisan(artisan)) = &mut user.profile {
        "<b>Ana</b> & \"Co\" {{link}}\u{e7}".clone_into(&mut artisan.store_name);
    }
    harness.register(user).await.unwrap();
    harness.deliver().await;
    let mail = server.received().pop().unwrap();
    assert!(header(&mail, "Content-Type").starts_with("multipart/alternative;"));
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert!(!header(&mail, "From").contains('ã'), "headers are ASCII");
    let text = decoded(&mail);
    let (plain, html) = text.split_once("<!doctype html>").unwrap();
    assert!(plain.contains("text/plain; charset=utf-8") && plain.contains("text/html"));
    assert!(plain.contains("<b>Ana</b> & \"Co\" {{link}}ç"), "{plain}");
    assert!(html.contains("&lt;b&gt;Ana&lt;/b&gt; &amp; &quot;Co&quot; {{link}}ç"), "{html}");
    assert!(!html.contains("<b>"), "{html}");
}

async fn mail_that_is_refused_for_good_is_given_up(database: TestDatabase) {
    let (harness, server) = start(database).await;
    server.next([SmtpBehaviour::Answer("RCPT", 550)]);
    harness.register(buyer("a@example.com")).await.unwrap();
    let dead = Deliveries { dead: 1, ..Deliveries::default() };
    assert_eq!(harness.deliver().await, dead);
    harness.clock.advance(Duration::from_hours(20));
    assert_eq!(harness.deliver().await, sent(0), "it is kept and not sent");
    assert!(server.received().is_empty());
}

async fn a_server_that_lets_nobody_in_says_nothing_of_the_mail(database: TestDatabase) {
    let (harness, server) = start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let deferred = Deliveries { deferred: 1, ..Deliveries::default() };
    for refusal in
        [SmtpBehaviour::Greet(554), SmtpBehaviour::Greet(550), SmtpBehaviour::Answer("EHLO", 550)]
    {
        // Asked again, whether it still says so.
        server.next([refusal; 2]);
        assert_eq!(harness.deliver().await, deferred, "{refusal:?}");
        harness.clock.advance(Duration::from_mins(5));
    }
    assert_eq!(harness.deliver().await, sent(1));
}

async fn a_server_that_says_nothing_more_has_refused_the_mail(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let dead = Deliveries { dead: 1, ..Deliveries::default() };
    for (number, then) in [
        SmtpBehaviour::Accept,
        SmtpBehaviour::DropAt("QUIT"),
        SmtpBehaviour::DropAtGreeting,
        SmtpBehaviour::Greet(421),
    ]
    .into_iter()
    .enumerate()
    {
        server.next([SmtpBehaviour::Answer("DATA", 554), then]);
        harness.register(buyer(&format!("{number}@example.com"))).await.unwrap();
        assert_eq!(harness.deliver().await, dead, "{then:?}");
    }
}

async fn mail_that_is_never_taken_is_given_up(database: TestDatabase) {
    let (harness, server) = start(database).await;
    server.next([SmtpBehaviour::DropAtGreeting; 40]);
    harness.register(buyer("a@example.com")).await.unwrap();
    let mut attempts = 0;
    for _ in 0..40 {
        let deliveries = harness.deliver().await;
        attempts += deliveries.deferred + deliveries.dead;
        if deliveries.dead > 0 {
            break;
        }
        harness.clock.advance(Duration::from_hours(1));
    }
    // Some before a day is over, and none when the link would serve nobody any more.
    assert!((8..=25).contains(&attempts), "{attempts}");
    harness.clock.advance(Duration::from_hours(48));
    assert_eq!(harness.deliver().await, sent(0));
}

async fn wrong_credentials_are_no_reason_to_give_up(database: TestDatabase) {
    let server = SmtpServer::start().await;
    let url = format!("smtp://me:p%40ss@127.0.0.1:{}?tls=none", server.port());
    let harness = Harness::start_with(database, with_mail(&url, &[])).await;
    server.next([SmtpBehaviour::Answer("AUTH", 535)]);
    harness.register(buyer("a@example.com")).await.unwrap();
    let deferred = Deliveries { deferred: 1, ..Deliveries::default() };
    assert_eq!(harness.deliver().await, deferred);
    harness.clock.advance(Duration::from_mins(1));
    assert_eq!(harness.deliver().await, sent(1));
    // RFC 4616: the user's name and password behind NULs, in base64.
    assert_eq!(server.received()[0].credentials.as_deref(), Some("AG1lAHBAc3M="));
}

async fn hanging_server_is_left(database: TestDatabase) {
    let (harness, server) = start(database).await;
    server.next([SmtpBehaviour::Hang]);
    harness.register(buyer("a@example.com")).await.unwrap();
    let started = std::time::Instant::now();
    let deferred = Deliveries { deferred: 1, ..Deliveries::default() };
    assert_eq!(harness.deliver().await, deferred);
    assert!(started.elapsed() < Duration::from_mins(1));
}

async fn mails_to_international_addresses_are_sent(database: TestDatabase) {
    let (harness, server) = start(database).await;
    for email in ["joão@exemplo.com.br", "ana@jalapeño.example", "用户@例子.中国"] {
        harness.register(buyer(email)).await.unwrap();
        assert_eq!(harness.deliver().await, sent(1), "{email}");
    }
    assert_eq!(server.received()[0].to, ["joão@exemplo.com.br"]);
}

async fn mails_go_through_tls_only_to_a_server_that_is_trusted(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, SMTP_CA).unwrap();
    let trusted = [("SMTP_CA", ca.to_str().unwrap())];
    let server = SmtpServer::start_with(SmtpTls::Implicit).await;
    let url = format!("smtps://me:secret@localhost:{}", server.port());
    let harness = Harness::start_with(database, with_mail(&url, &[])).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    assert_eq!(harness.deliver().await.deferred, 1, "nobody vouches for the server");
    harness.clock.advance(Duration::from_mins(1));
    let harness = harness.again_with(with_mail(&url, &trusted).mail);
    assert_eq!(harness.deliver().await, sent(1));

    let starttls = SmtpServer::start_with(SmtpTls::StartTls).await;
    let url = format!("smtp://me:secret@localhost:{}", starttls.port());
    let harness = harness.again_with(with_mail(&url, &trusted).mail);
    harness.register(buyer("b@example.com")).await.unwrap();
    assert_eq!(harness.deliver().await, sent(1));
    for server in [server, starttls] {
        let mail = server.received().pop().unwrap();
        assert!(mail.is_encrypted && mail.credentials.is_some());
    }
}

async fn starttls_that_is_required_is_not_left_out(database: TestDatabase) {
    let server = SmtpServer::start().await;
    // With a password TLS is required unless the URL says otherwise.
    let url = format!("smtp://me:secret@127.0.0.1:{}", server.port());
    let harness = Harness::start_with(database, with_mail(&url, &[])).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    assert_eq!(harness.deliver().await.deferred, 1);
    assert!(server.received().is_empty());
}

async fn mails_go_to_a_folder(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mails");
    let config = with_mail(&format!("file:{}", path.display()), &[]);
    let harness = Harness::start_with(database, config).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    assert_eq!(harness.deliver().await, sent(1));
    let files: Vec<_> =
        std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].extension().unwrap(), "eml");
    assert!(std::fs::read_to_string(&files[0]).unwrap().contains("To: a@example.com"));
}
