use artisan_store::{
    AccountChange, ChangeAccount, ChangeAccountError, ChangePassword, ChangePasswordError,
    DeleteUser, ListSessions, Role, Roles, User, UserId, UserState,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, Fixture, HASH, LATER, NOW, admin, after, joao, migrated, user_id};

artisan_testkit::on_every_engine! {
    an_account_is_locked_and_opened,
    a_deleted_account_is_restored_until_its_purge,
    roles_are_replaced_as_a_whole,
    a_stale_or_wrong_change_writes_nothing,
    two_admins_cannot_demote_each_other,
    many_users_are_found_in_one_query,
    a_password_is_changed_once_and_keeps_one_session,
    sessions_are_listed_in_pages,
}

fn change(id: UserId, change: AccountChange) -> ChangeAccount {
    ChangeAccount { id, expected: None, change, time: LATER }
}

async fn changed(store: &Fixture, id: UserId, what: AccountChange) -> User {
    store.change_account(&change(id, what)).await.expect("a change")
}

async fn refused(store: &Fixture, change: &ChangeAccount) -> ChangeAccountError {
    store.change_account(change).await.expect_err("a refusal")
}

async fn delete(store: &Fixture, id: UserId) -> User {
    let deletion = DeleteUser { id, expected: None, delete_time: NOW, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion")
}

async fn an_account_is_locked_and_opened(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let session = store.sign_in(user.id, "token").await;
    let locked = changed(&store, user.id, AccountChange::Deactivate).await;
    assert_eq!((locked.state, locked.update_time), (UserState::Inactive, LATER));
    assert!(locked.revision > user.revision);
    assert_eq!(store.user(user.id).await, locked);
    assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
    assert_eq!(changed(&store, user.id, AccountChange::Deactivate).await, locked);
    let open = changed(&store, user.id, AccountChange::Activate).await;
    assert_eq!(open, User { revision: open.revision, update_time: LATER, ..user });
    assert_eq!(changed(&store, open.id, AccountChange::Activate).await, open);
}

async fn a_deleted_account_is_restored_until_its_purge(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let again = refused(&store, &change(user.id, AccountChange::Undelete)).await;
    assert!(matches!(again, ChangeAccountError::NotDeleted), "{again:?}");
    let gone = delete(&store, user.id).await;
    let late = ChangeAccount { time: END, ..change(user.id, AccountChange::Undelete) };
    let late = refused(&store, &late).await;
    assert!(matches!(late, ChangeAccountError::PurgeDue), "{late:?}");
    for what in [AccountChange::Activate, AccountChange::SetRoles(Roles::none())] {
        let deleted = refused(&store, &change(user.id, what)).await;
        assert!(matches!(deleted, ChangeAccountError::Deleted), "{deleted:?}");
    }
    assert_eq!(store.user(user.id).await, gone);
    let back = changed(&store, user.id, AccountChange::Undelete).await;
    assert_eq!(back, User { revision: back.revision, update_time: LATER, ..user });
    assert_eq!(store.user(back.id).await, back);
}

async fn roles_are_replaced_as_a_whole(database: TestDatabase) {
    let store = migrated(database).await;
    let root = store.create_user(&admin("root@example.com")).await.expect("a new admin");
    let user = store.joao().await;
    let session = store.sign_in(user.id, "token").await;
    let none = AccountChange::SetRoles(Roles::none());
    assert_eq!(changed(&store, user.id, none.clone()).await, user);
    assert_eq!(store.session(session.id).await, session);
    let admins = AccountChange::SetRoles(Roles::from_iter([Role::Admin]));
    let promoted = changed(&store, user.id, admins).await;
    assert!(promoted.roles.contains(Role::Admin) && promoted.revision > user.revision);
    assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
    let demoted = changed(&store, root.id, none.clone()).await;
    assert!(demoted.roles.is_empty());
    let last = refused(&store, &change(user.id, none)).await;
    assert!(matches!(last, ChangeAccountError::LastAdmin), "{last:?}");
    let last = refused(&store, &change(user.id, AccountChange::Deactivate)).await;
    assert!(matches!(last, ChangeAccountError::LastAdmin), "{last:?}");
    assert_eq!(store.user(user.id).await, promoted);
}

async fn a_stale_or_wrong_change_writes_nothing(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let missing = refused(&store, &change(user_id(), AccountChange::Activate)).await;
    assert!(matches!(missing, ChangeAccountError::NotFound), "{missing:?}");
    let gone = delete(&store, user.id).await;
    let expected = Some(user.revision);
    let stale = ChangeAccount { expected, ..change(user.id, AccountChange::Undelete) };
    let stale = refused(&store, &stale).await;
    assert!(matches!(stale, ChangeAccountError::Stale), "{stale:?}");
    assert_eq!(store.user(user.id).await, gone);
    let expected = Some(gone.revision);
    let right = ChangeAccount { expected, ..change(user.id, AccountChange::Undelete) };
    store.change_account(&right).await.expect("a change");
}

async fn two_admins_cannot_demote_each_other(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..5 {
        let new = |which| admin(&format!("{which}{round}@example.com"));
        let one = store.create_user(&new("one")).await.expect("a new admin").id;
        let two = store.create_user(&new("two")).await.expect("a new admin").id;
        // The admin that the round before has left over.
        let left = store.find_admin().await.expect("an answer").expect("an admin").id;
        if left != one {
            changed(&store, left, AccountChange::SetRoles(Roles::none())).await;
        }
        let one = change(one, AccountChange::SetRoles(Roles::none()));
        let two = change(two, AccountChange::Deactivate);
        match tokio::join!(store.change_account(&one), store.change_account(&two)) {
            (Ok(_), Err(ChangeAccountError::LastAdmin))
            | (Err(ChangeAccountError::LastAdmin), Ok(_)) => {}
            other => panic!("round {round}: {other:?}"),
        }
        assert_eq!(store.count_active_admins().await.expect("a count"), 1);
    }
}

async fn many_users_are_found_in_one_query(database: TestDatabase) {
    let store = migrated(database).await;
    assert!(store.find_users(&[]).await.expect("an answer").is_empty());
    let mut users = Vec::new();
    for number in 0..25 {
        let new = if number % 5 == 0 { admin } else { joao };
        let new = new(&format!("user{number}@example.com"));
        users.push(store.create_user(&new).await.expect("a new user"));
    }
    users.sort_by_key(|user| user.id);
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    for count in [1, 11, 12, 25] {
        let mut found = store.find_users(&ids[..count]).await.expect("users");
        found.sort_by_key(|user| user.id);
        assert_eq!(found, users[..count], "{count}");
    }
    // Twice, unknown ones among them, and more than one query takes.
    let mut many = vec![ids[0], ids[0], user_id()];
    many.resize_with(1001, user_id);
    many.push(ids[1]);
    let found = store.find_users(&many).await.expect("users");
    assert_eq!(found.len(), 2);
}

async fn a_password_is_changed_once_and_keeps_one_session(database: TestDatabase) {
    const NEW: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$bmV3";
    let store = migrated(database).await;
    let user = store.joao().await;
    let (keep, other) =
        (store.sign_in(user.id, "keep").await, store.sign_in(user.id, "other").await);
    let found = store.find_password_hash(user.id).await.expect("an answer");
    assert_eq!(found.as_deref(), Some(HASH));
    assert_eq!(store.find_password_hash(user_id()).await.expect("an answer"), None);
    let change = ChangePassword {
        id: user.id,
        current_hash: HASH,
        new_hash: NEW,
        keep: keep.id,
        time: LATER,
    };
    store.change_password(&change).await.expect("a change");
    assert_eq!(store.session(keep.id).await, keep);
    assert_eq!(store.session(other.id).await.revoke_time, Some(LATER));
    let again = store.change_password(&change).await;
    assert!(matches!(again, Err(ChangePasswordError::Stale)), "{again:?}");
    let found = store.find_password_hash(user.id).await.expect("an answer");
    assert_eq!(found.as_deref(), Some(NEW));
    delete(&store, user.id).await;
    for id in [user.id, user_id()] {
        let refused = store.change_password(&ChangePassword { id, ..change }).await;
        assert!(matches!(refused, Err(ChangePasswordError::NotFound)), "{refused:?}");
    }
}

async fn sessions_are_listed_in_pages(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    // Of one instant, so that the id tells them apart.
    for number in 0..5 {
        store.sign_in(user, &number.to_string()).await;
    }
    let expected = store.list_sessions(user).await.expect("a list");
    let (mut seen, mut after_place) = (Vec::new(), None);
    loop {
        let list = ListSessions { user, page_size: 2, after: after_place };
        let page = store.list_session_page(&list).await.expect("a page");
        assert!(page.sessions.len() <= 2);
        seen.extend(page.sessions);
        after_place = page.next;
        if after_place.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    assert!(seen.iter().all(|session| session.is_live(after(1))));
}
