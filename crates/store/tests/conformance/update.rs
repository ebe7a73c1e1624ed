use artisan_store::{
    Artisan, ArtisanState, DeleteUser, Line, NewUser, Profile, Revision, UpdateUser,
    UpdateUserError, User, UserId,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, LATER, NOW, admin, artisan, buyer, joao, migrated, salvador, user_id};

artisan_testkit::on_every_engine! {
    what_is_not_given_stays,
    an_artisan_is_replaced_as_a_whole,
    an_address_comes_changes_and_goes,
    each_write_raises_the_revision,
    a_stale_revision_is_refused,
    the_kind_of_a_profile_cannot_change,
    a_user_without_a_profile_gets_one,
    an_unknown_user_is_refused,
    a_deleted_user_is_refused,
    one_of_two_writers_of_a_revision_wins,
}

fn change(id: UserId) -> UpdateUser {
    UpdateUser { id, expected: None, profile: None, address: None, update_time: LATER }
}

async fn what_is_not_given_stays(database: TestDatabase) {
    let store = migrated(database).await;
    let before = store.joao().await;
    let profile = Some(buyer("Maria"));
    let update = UpdateUser { profile: profile.clone(), ..change(before.id) };
    let written = store.update_user(&update).await.expect("a change");
    let expected = User { profile, revision: Revision(2), update_time: LATER, ..before };
    assert_eq!(written, expected);
    assert_eq!(store.user(written.id).await, expected);
}

async fn an_artisan_is_replaced_as_a_whole(database: TestDatabase) {
    let store = migrated(database).await;
    let new = NewUser { profile: Some(artisan()), ..joao("a@example.com") };
    store.create_user(&new).await.expect("a new user");
    let artisan = Artisan::parse("Outra oficina", "", "", ArtisanState::Suspended);
    let profile = Profile::Artisan(artisan.expect("an artisan"));
    let update = UpdateUser { profile: Some(profile.clone()), ..change(new.id) };
    store.update_user(&update).await.expect("a change");
    assert_eq!(store.user(new.id).await.profile, Some(profile));
}

async fn an_address_comes_changes_and_goes(database: TestDatabase) {
    let store = migrated(database).await;
    let new = NewUser { address: None, ..joao("a@example.com") };
    store.create_user(&new).await.expect("a new user");
    let mut moved = salvador();
    moved.city = Line::parse("Recife").expect("a city");
    for address in [Some(salvador()), Some(moved), None, None] {
        let update = UpdateUser { address: Some(address.clone()), ..change(new.id) };
        let written = store.update_user(&update).await.expect("a change");
        assert_eq!(written.address, address);
        assert_eq!(store.user(new.id).await, written);
    }
}

async fn each_write_raises_the_revision(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let mut seen = user.revision;
    for _ in 0..3 {
        let update = UpdateUser { expected: Some(seen), ..change(user.id) };
        let written = store.update_user(&update).await.expect("a change");
        assert!(written.revision > seen);
        seen = written.revision;
    }
}

async fn a_stale_revision_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    store.update_user(&change(user.id)).await.expect("a change");
    let update = UpdateUser {
        expected: Some(user.revision),
        profile: Some(buyer("Stale")),
        ..change(user.id)
    };
    let refused = store.update_user(&update).await;
    assert!(matches!(refused, Err(UpdateUserError::Stale)), "{refused:?}");
    assert_eq!(store.user(user.id).await.profile, user.profile);
}

async fn the_kind_of_a_profile_cannot_change(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let update = UpdateUser { profile: Some(artisan()), address: Some(None), ..change(user.id) };
    let refused = store.update_user(&update).await;
    assert!(matches!(refused, Err(UpdateUserError::KindChanged)), "{refused:?}");
    assert_eq!(store.user(user.id).await, user);
}

async fn a_user_without_a_profile_gets_one(database: TestDatabase) {
    let store = migrated(database).await;
    let root = store.create_user(&admin("root@example.com")).await.expect("a new admin");
    let update = UpdateUser { profile: Some(artisan()), ..change(root.id) };
    let written = store.update_user(&update).await.expect("a change");
    assert_eq!(written.profile, Some(artisan()));
}

async fn an_unknown_user_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let refused = store.update_user(&change(user_id())).await;
    assert!(matches!(refused, Err(UpdateUserError::NotFound)), "{refused:?}");
}

async fn a_deleted_user_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let deletion = DeleteUser { id: user.id, expected: None, delete_time: NOW, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    let refused = store.update_user(&change(user.id)).await;
    assert!(matches!(refused, Err(UpdateUserError::Deleted)), "{refused:?}");
}

async fn one_of_two_writers_of_a_revision_wins(database: TestDatabase) {
    let store = migrated(database).await;
    let mut user = store.joao().await;
    for round in 0..10 {
        let update = |name: &str| UpdateUser {
            expected: Some(user.revision),
            profile: Some(buyer(name)),
            ..change(user.id)
        };
        let (one, two) = (update("One"), update("Two"));
        user = match tokio::join!(store.update_user(&one), store.update_user(&two)) {
            (Ok(won), Err(UpdateUserError::Stale)) | (Err(UpdateUserError::Stale), Ok(won)) => won,
            other => panic!("round {round}: {other:?}"),
        };
        assert_eq!(store.user(user.id).await, user);
    }
}
