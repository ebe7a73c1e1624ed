use artisan_store::{
    ChangeEmailError, DeleteUser, EmailChange, ListEvents, Mail, MailId, MailKind, MailLimits,
    NewUser, Notice, PasswordReset, PasswordResetRequest, RequestVerificationError,
    ResetPasswordError, Seed, Store, StoreOptions, TokenMail, UpdateUser, UpdateUserError, User,
    UserId, UserState, VerifyEmailError,
};
use artisan_testkit::TestDatabase;
use time::{Duration, OffsetDateTime};

use crate::fixture::{
    END, Fixture, LATER, NOW, after, buyer, email, hash, joao, migrated, new_id, user_id,
};

artisan_testkit::on_every_engine! {
    a_registration_writes_its_mail,
    a_registration_that_fails_writes_no_mail,
    a_token_verifies_once,
    a_new_token_replaces_the_older,
    a_token_ends_with_its_time_its_user_and_its_address,
    a_changed_address_is_real_once_it_is_verified,
    an_address_that_is_taken_meanwhile_is_refused,
    one_of_two_changes_to_the_same_address_wins,
    a_change_is_refused_as_any_other,
    a_verified_user_gets_no_further_mail,
    a_reset_is_asked_for_without_a_look_for_the_account,
    a_reset_ends_sessions_and_tokens,
    a_reset_token_serves_one_of_two,
    a_new_reset_replaces_the_older,
    only_active_users_reset_their_password,
    mails_are_limited_per_address_and_account,
    requests_of_strangers_keep_nobody_from_another_address,
    of_many_claimers_each_mail_has_one,
    a_claim_that_is_not_ended_is_taken_over,
    a_mail_that_is_given_up_is_kept,
    what_has_ended_is_swept,
    changes_by_mail_are_told_as_events,
}

const LIMITS: MailLimits =
    MailLimits { window: Duration::hours(1), per_address: 3, per_account: 5 };

fn token_mail(token: &str, at: OffsetDateTime) -> TokenMail {
    TokenMail {
        id: MailId(new_id()),
        seed: Seed([7; 32]),
        token_hash: hash(token),
        create_time: at,
        expire_time: at + Duration::hours(1),
    }
}

fn notice(at: OffsetDateTime) -> Notice {
    Notice { id: MailId(new_id()), create_time: at, expire_time: END }
}

fn change(address: &str, token: &str) -> EmailChange {
    let (verification, notice) = (token_mail(token, NOW), notice(NOW));
    EmailChange { email: email(address), verification, notice, limits: LIMITS }
}

fn nothing_else(id: UserId) -> UpdateUser {
    UpdateUser { id, expected: None, profile: None, address: None, update_time: NOW }
}

fn reset(token: &str) -> PasswordReset {
    let password_hash = "$argon2id$new".to_owned();
    PasswordReset { token_hash: hash(token), password_hash, notice: notice(NOW) }
}

impl Fixture {
    async fn registered(&self, address: &str, token: &str) -> User {
        let new = joao(address);
        self.register_user(&new, &token_mail(token, NOW)).await.expect("a new user")
    }

    async fn verify(&self, token: &str) -> Result<User, VerifyEmailError> {
        self.verify_email(&hash(token), &notice(NOW)).await
    }

    async fn next(&self, now: OffsetDateTime) -> Option<Mail> {
        self.claim_mail(now, now + Duration::minutes(2)).await.expect("an answer")
    }

    /// Everything that is due, as kinds and addresses, which is done with then.
    async fn sent(&self) -> Vec<(MailKind, String)> {
        let mut sent = Vec::new();
        while let Some(mail) = self.next(LATER).await {
            sent.push((mail.kind, mail.email.as_str().to_owned()));
            assert!(self.remove_mail(&mail).await.expect("an answer"));
        }
        sent.sort_by_key(|(kind, _)| kind.as_str());
        sent
    }

    async fn ask_for_reset(&self, address: &str, at: OffsetDateTime) {
        let request = PasswordResetRequest {
            email: email(address),
            id: MailId(new_id()),
            seed: Seed([8; 32]),
            create_time: at,
            expire_time: at + Duration::hours(1),
            limits: LIMITS,
        };
        self.request_password_reset(&request).await.expect("an answer");
    }

    /// Asks for a mail, claims it, and gives its token to whom it is for; whether there is somebody.
    async fn given_reset(&self, address: &str, token: &str, at: OffsetDateTime) -> bool {
        self.ask_for_reset(address, at).await;
        let mail = self.next(at).await.expect("a mail");
        assert_eq!(mail.kind, MailKind::ResetPassword);
        let prepared = self.prepare_mail(&mail, Some(hash(token)), LIMITS, at).await;
        self.remove_mail(&mail).await.expect("an answer");
        let prepared = prepared.expect("an answer");
        prepared.is_some_and(|prepared| prepared.token_hash == Some(hash(token)))
    }
}

async fn a_registration_writes_its_mail(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await;
    assert_eq!(store.user(user.id).await, user);
    let mail = store.next(NOW).await.expect("a mail");
    assert_eq!((mail.kind, mail.user_id), (MailKind::VerifyEmail, Some(user.id)));
    assert_eq!((mail.email.as_str(), mail.attempts), ("joao@example.com", 1));
    assert_eq!(mail.seed, Some(Seed([7; 32])));
    let prepared = store.prepare_mail(&mail, None, LIMITS, NOW).await.expect("an answer");
    let prepared = prepared.expect("a mail to be sent");
    assert_eq!((prepared.user.id, prepared.token_hash), (user.id, Some(hash("one"))));
    assert_eq!(store.next(NOW).await, None, "it is claimed");
}

async fn a_registration_that_fails_writes_no_mail(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    let refused = store.register_user(&joao("JOAO@example.com"), &token_mail("one", NOW)).await;
    assert!(refused.is_err());
    assert!(store.sent().await.is_empty());
}

async fn a_token_verifies_once(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await;
    let verified = store.verify("one").await.expect("a verification");
    assert!(verified.email_verified && verified.revision > user.revision);
    assert_eq!(store.user(user.id).await, verified);
    for token in ["one", "unknown"] {
        let refused = store.verify(token).await;
        assert!(matches!(refused, Err(VerifyEmailError::TokenInvalid)), "{refused:?}");
    }
    let mail = store.next(NOW).await.expect("the mail is still there");
    let moot = store.prepare_mail(&mail, None, LIMITS, NOW).await.expect("an answer");
    assert_eq!(moot, None, "there is nothing to be verified");
}

async fn a_new_token_replaces_the_older(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await;
    let two = token_mail("two", after(1));
    store.request_email_verification(user.id, &two, LIMITS).await.expect("a new mail");
    let refused = store.verify("one").await;
    assert!(matches!(refused, Err(VerifyEmailError::TokenInvalid)), "{refused:?}");
    let mail = store.next(after(2)).await.expect("the first mail");
    assert_eq!(store.prepare_mail(&mail, None, LIMITS, after(2)).await.expect("an answer"), None);
    let mail = store.next(after(2)).await.expect("the second mail");
    assert_eq!(mail.id, two.id);
    assert!(store.prepare_mail(&mail, None, LIMITS, after(2)).await.expect("an answer").is_some());
    assert!(store.verify("two").await.expect("a verification").email_verified);
}

async fn a_token_ends_with_its_time_its_user_and_its_address(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await;
    let late = store.verify_email(&hash("one"), &notice(after(3600))).await;
    assert!(matches!(late, Err(VerifyEmailError::TokenInvalid)), "{late:?}");
    let in_time = store.verify_email(&hash("one"), &notice(after(3599))).await;
    assert!(in_time.expect("a verification").email_verified);

    store.change_email(&nothing_else(user.id), &change("a@b.example", "two")).await.expect("one");
    store.change_email(&nothing_else(user.id), &change("c@d.example", "three")).await.expect("one");
    let replaced = store.verify("two").await;
    assert!(matches!(replaced, Err(VerifyEmailError::TokenInvalid)), "{replaced:?}");
    let deletion = DeleteUser { id: user.id, expected: None, delete_time: NOW, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    let gone = store.verify("three").await;
    assert!(matches!(gone, Err(VerifyEmailError::TokenInvalid)), "{gone:?}");
}

async fn a_changed_address_is_real_once_it_is_verified(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    assert!(store.given_reset("joao@example.com", "old", NOW).await);
    let update = UpdateUser { profile: Some(buyer("Outro")), ..nothing_else(user.id) };
    let changed = store.change_email(&update, &change("nova@example.com", "one")).await;
    let changed = changed.expect("a change");
    assert_eq!((changed.email.as_str(), changed.profile), ("joao@example.com", update.profile));
    let expected = [
        (MailKind::EmailChangeRequested, "joao@example.com".to_owned()),
        (MailKind::VerifyEmail, "nova@example.com".to_owned()),
    ];
    assert_eq!(store.sent().await, expected);

    let verified = store.verify("one").await.expect("a verification");
    assert_eq!((verified.email.as_str(), verified.email_verified), ("nova@example.com", true));
    let found = store.find_user_by_email(&email("NOVA@example.com")).await.expect("an answer");
    assert_eq!(found, Some(verified));
    assert_eq!(store.find_user_by_email(&user.email).await.expect("an answer"), None);
    let expected = [(MailKind::EmailChanged, "joao@example.com".to_owned())];
    assert_eq!(store.sent().await, expected);
    assert!(!store.has_reset_token(&hash("old"), NOW).await.expect("an answer"), "sent elsewhere");
}

async fn an_address_that_is_taken_meanwhile_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    store.change_email(&nothing_else(user.id), &change("x@example.com", "one")).await.expect("one");
    let other = store.create_user(&joao("X@example.com")).await.expect("a new user");
    let refused = store.verify("one").await;
    assert!(matches!(refused, Err(VerifyEmailError::EmailTaken)), "{refused:?}");
    assert_eq!(store.user(user.id).await.email, user.email);
    assert_eq!(store.user(other.id).await, other);
}

async fn one_of_two_changes_to_the_same_address_wins(database: TestDatabase) {
    let store = migrated(database).await;
    let (one, two) = (store.joao().await.id, joao("maria@example.com"));
    store.create_user(&two).await.expect("a new user");
    for (user, token) in [(one, "one"), (two.id, "two")] {
        let change = change("x@example.com", token);
        store.change_email(&nothing_else(user), &change).await.expect("a change");
    }
    match tokio::join!(store.verify("one"), store.verify("two")) {
        (Ok(won), Err(VerifyEmailError::EmailTaken))
        | (Err(VerifyEmailError::EmailTaken), Ok(won)) => {
            assert_eq!(won.email.as_str(), "x@example.com");
        }
        other => panic!("{other:?}"),
    }
}

async fn a_change_is_refused_as_any_other(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let stale = UpdateUser { expected: Some(user.revision), ..nothing_else(user.id) };
    store.update_user(&stale).await.expect("a change");
    let refused = store.change_email(&stale, &change("x@example.com", "one")).await;
    assert!(
        matches!(refused, Err(ChangeEmailError::Update(UpdateUserError::Stale))),
        "{refused:?}"
    );
    let refused = store.change_email(&nothing_else(user_id()), &change("x@y.example", "two")).await;
    assert!(
        matches!(refused, Err(ChangeEmailError::Update(UpdateUserError::NotFound))),
        "{refused:?}"
    );
    assert!(store.sent().await.is_empty());
}

async fn a_verified_user_gets_no_further_mail(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await.id;
    store.verify("one").await.expect("a verification");
    let mail = token_mail("two", NOW);
    let refused = store.request_email_verification(user, &mail, LIMITS).await;
    assert!(matches!(refused, Err(RequestVerificationError::AlreadyVerified)), "{refused:?}");
    let refused = store.request_email_verification(user_id(), &mail, LIMITS).await;
    assert!(matches!(refused, Err(RequestVerificationError::NotFound)), "{refused:?}");
    // The address of a change waits to be verified, whatever the other one is.
    store.change_email(&nothing_else(user), &change("x@example.com", "three")).await.expect("one");
    store.sent().await;
    store.request_email_verification(user, &mail, LIMITS).await.expect("a mail");
    assert_eq!(store.sent().await, [(MailKind::VerifyEmail, "x@example.com".to_owned())]);
    assert_eq!(store.verify("two").await.expect("one").email.as_str(), "x@example.com");
}

async fn a_reset_is_asked_for_without_a_look_for_the_account(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    // Were the accounts looked at, this would fail.
    store.database.execute("ALTER TABLE users RENAME TO elsewhere").await;
    store.ask_for_reset("joao@example.com", NOW).await;
    store.ask_for_reset("nobody@example.com", after(1)).await;
    store.database.execute("ALTER TABLE elsewhere RENAME TO users").await;
    for is_known in [true, false] {
        let mail = store.next(after(2)).await.expect("a mail");
        let prepared = store.prepare_mail(&mail, Some(hash("one")), LIMITS, after(2)).await;
        assert_eq!(prepared.expect("an answer").is_some(), is_known);
    }
}

async fn a_reset_ends_sessions_and_tokens(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "first").await;
    let session = store.sign_in(user.id, "refresh").await;
    store.change_email(&nothing_else(user.id), &change("x@example.com", "two")).await.expect("one");
    store.sent().await;
    assert!(store.given_reset("JOAO@example.com", "one", NOW).await);
    assert!(store.has_reset_token(&hash("one"), NOW).await.expect("an answer"));
    let after_reset = store.reset_password(&reset("one")).await.expect("a new password");
    assert!(after_reset.email_verified, "the mail arrived");
    assert_eq!(after_reset.email, user.email);
    assert_eq!(store.session(session.id).await.revoke_time, Some(NOW));
    let credential = store.find_credential(&user.email).await.expect("an answer").expect("one");
    assert_eq!(credential.password_hash, "$argon2id$new");
    let refused = store.verify("two").await;
    assert!(matches!(refused, Err(VerifyEmailError::TokenInvalid)), "{refused:?}");
    let refused = store.reset_password(&reset("one")).await;
    assert!(matches!(refused, Err(ResetPasswordError::TokenInvalid)), "{refused:?}");
    assert_eq!(
        store.sent().await,
        [(MailKind::PasswordReset, "joao@example.com".to_owned())],
        "the user is told"
    );
}

async fn a_reset_token_serves_one_of_two(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    assert!(store.given_reset("joao@example.com", "one", NOW).await);
    let (one, two) = (reset("one"), reset("one"));
    match tokio::join!(store.reset_password(&one), store.reset_password(&two)) {
        (Ok(_), Err(ResetPasswordError::TokenInvalid))
        | (Err(ResetPasswordError::TokenInvalid), Ok(_)) => {}
        other => panic!("{other:?}"),
    }
}

async fn a_new_reset_replaces_the_older(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    assert!(store.given_reset("joao@example.com", "one", NOW).await);
    assert!(store.given_reset("joao@example.com", "two", after(1)).await);
    assert!(!store.has_reset_token(&hash("one"), after(2)).await.expect("an answer"));
    // A mail that was asked for before, and comes late, takes nothing back.
    assert!(!store.given_reset("joao@example.com", "late", after(0)).await);
    assert!(store.has_reset_token(&hash("two"), after(2)).await.expect("an answer"));
    assert!(!store.has_reset_token(&hash("two"), after(3601)).await.expect("an answer"));
}

async fn only_active_users_reset_their_password(database: TestDatabase) {
    let store = migrated(database).await;
    let new = NewUser { state: UserState::Inactive, ..joao("joao@example.com") };
    store.create_user(&new).await.expect("a new user");
    assert!(!store.given_reset("joao@example.com", "one", NOW).await);
    let maria = store.create_user(&joao("maria@example.com")).await.expect("a new user");
    assert!(store.given_reset("maria@example.com", "two", NOW).await);
    let deletion = DeleteUser { id: maria.id, expected: None, delete_time: NOW, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    assert!(!store.has_reset_token(&hash("two"), NOW).await.expect("an answer"));
    let refused = store.reset_password(&reset("two")).await;
    assert!(matches!(refused, Err(ResetPasswordError::TokenInvalid)), "{refused:?}");
}

async fn mails_are_limited_per_address_and_account(database: TestDatabase) {
    let store = migrated(database).await;
    for _ in 0..5 {
        store.ask_for_reset("Nobody@example.com", NOW).await;
    }
    assert_eq!(store.sent().await.len(), 3, "as many as an address may get");
    store.ask_for_reset("nobody@EXAMPLE.com", after(3599)).await;
    assert_eq!(store.next(after(3599)).await, None);
    store.ask_for_reset("nobody@example.com", after(3600)).await;
    assert!(store.next(after(3600)).await.is_some(), "a new hour has begun");

    let user = store.joao().await.id;
    for number in 0..2 {
        let change = change(&format!("x{number}@example.com"), &format!("{number}"));
        store.change_email(&nothing_else(user), &change).await.expect("a change of two mails");
    }
    let refused = store.change_email(&nothing_else(user), &change("y@example.com", "y")).await;
    let is_limited =
        matches!(refused, Err(ChangeEmailError::Limited { until }) if until == after(3600));
    assert!(is_limited, "{refused:?}");
    let mail = token_mail("v", NOW);
    store.request_email_verification(user, &mail, LIMITS).await.expect("the fifth mail");
    let mail = token_mail("z", NOW);
    let refused = store.request_email_verification(user, &mail, LIMITS).await;
    assert!(matches!(refused, Err(RequestVerificationError::Limited { .. })), "{refused:?}");
    store.sent().await;
    assert!(!store.given_reset("joao@example.com", "one", NOW).await, "nor by a reset");
}

async fn requests_of_strangers_keep_nobody_from_another_address(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    for _ in 0..3 {
        store.ask_for_reset("joao@example.com", NOW).await;
    }
    let changed = store.change_email(&nothing_else(user), &change("y@example.com", "y")).await;
    assert!(changed.is_ok(), "{changed:?}");
    assert!(store.find_pending_email(user).await.expect("an answer").is_some());
}

async fn of_many_claimers_each_mail_has_one(database: TestDatabase) {
    let fixture = migrated(database).await;
    for number in 0..20 {
        fixture.ask_for_reset(&format!("user{number}@example.com"), NOW).await;
    }
    let claimers = (0..4).map(|_| {
        let url = fixture.database.url();
        let store = Store::connect(url, StoreOptions::default()).expect("a store");
        tokio::spawn(async move {
            let mut mine = Vec::new();
            while let Some(mail) = store.claim_mail(NOW, after(120)).await.expect("an answer") {
                mine.push(mail.id);
            }
            mine
        })
    });
    let mut claimed = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        claimed.extend(claimer.await.expect("no panic"));
    }
    claimed.sort();
    let count = claimed.len();
    claimed.dedup();
    assert_eq!((count, claimed.len()), (20, 20));
}

async fn a_claim_that_is_not_ended_is_taken_over(database: TestDatabase) {
    let store = migrated(database).await;
    store.registered("joao@example.com", "one").await;
    let first = store.next(NOW).await.expect("a mail");
    assert_eq!(store.next(after(119)).await, None);
    let second = store.next(after(120)).await.expect("the same mail");
    assert_eq!((second.id, second.attempts), (first.id, 2));
    // Who was thought dead and comes back changes nothing any more.
    assert!(!store.remove_mail(&first).await.expect("an answer"));
    assert!(!store.defer_mail(&first, NOW, "SMTP 451").await.expect("an answer"));
    assert!(!store.bury_mail(&first, NOW, "SMTP 550").await.expect("an answer"));
    assert!(store.defer_mail(&second, after(600), "SMTP 451").await.expect("an answer"));
    assert_eq!(store.next(after(599)).await, None);
    let third = store.next(after(600)).await.expect("the same mail");
    assert_eq!(third.attempts, 3);
    assert!(store.remove_mail(&third).await.expect("an answer"));
    assert_eq!(store.next(END).await, None);
}

async fn a_mail_that_is_given_up_is_kept(database: TestDatabase) {
    let store = migrated(database).await;
    store.registered("joao@example.com", "one").await;
    let mail = store.next(NOW).await.expect("a mail");
    assert!(store.bury_mail(&mail, NOW, "SMTP 550").await.expect("an answer"));
    assert_eq!(store.next(END).await, None);
    assert_eq!(store.count_dead_mails().await.expect("a count"), 1);
}

async fn what_has_ended_is_swept(database: TestDatabase) {
    let store = migrated(database).await;
    store.registered("joao@example.com", "one").await;
    store.ask_for_reset("nobody@example.com", NOW).await;
    let mail = store.next(NOW).await.expect("a mail");
    store.bury_mail(&mail, NOW, "SMTP 550").await.expect("an answer");
    store.sweep_mails(NOW, NOW, NOW).await.expect("a sweep");
    assert_eq!(store.count_dead_mails().await.expect("a count"), 1, "nothing has ended");
    store.sweep_mails(LATER, LATER, LATER).await.expect("a sweep");
    assert_eq!(store.count_dead_mails().await.expect("a count"), 0);
    assert!(store.verify("one").await.is_ok(), "it has not ended");
    let again = token_mail("two", after(-7200));
    let user = store.registered("maria@example.com", "three").await.id;
    store.request_email_verification(user, &again, LIMITS).await.expect("a mail");
    store.sweep_mails(NOW, NOW, NOW).await.expect("a sweep");
    let in_time = store.verify_email(&hash("two"), &notice(after(-7000))).await;
    assert!(matches!(in_time, Err(VerifyEmailError::TokenInvalid)), "{in_time:?}");
}

async fn changes_by_mail_are_told_as_events(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.registered("joao@example.com", "one").await.id;
    store.verify_email(&hash("one"), &notice(after(1))).await.expect("a verification");
    let change = EmailChange {
        verification: token_mail("two", after(2)),
        notice: notice(after(2)),
        ..change("maria@example.com", "two")
    };
    let update = UpdateUser { update_time: after(2), ..nothing_else(user) };
    store.change_email(&update, &change).await.expect("a change");
    store.verify_email(&hash("two"), &notice(after(3))).await.expect("a verification");
    store.sent().await;
    assert!(store.given_reset("maria@example.com", "three", after(4)).await);
    let reset = PasswordReset { notice: notice(after(5)), ..reset("three") };
    store.reset_password(&reset).await.expect("a new password");
    let list = ListEvents { user, page_size: 10, after: None };
    let page = store.list_events(&list).await.expect("a list");
    let kinds: Vec<_> = page.events.iter().rev().map(|event| event.kind.as_str()).collect();
    let expected = [
        "user.created",
        "email.verified",
        "email.change_requested",
        "email.changed",
        "password.reset_requested",
        "password.reset",
    ];
    assert_eq!(kinds, expected);
    assert!(!format!("{page:?}").contains('@'), "events hold no address");
}
