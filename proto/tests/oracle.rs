//! The JSON of every message of the contract, held against reflection, both ways.

use artisan_proto::{FILE_DESCRIPTOR_SET, http};
use artisan_transcode_conformance::oracle;
use proptest::prelude::*;
use prost_reflect::DescriptorPool;

const PACKAGES: [&str; 2] = ["artisan.user.v1", "google.rpc"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_has_the_json_that_reflection_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
        for message in oracle::messages(&pool, &PACKAGES) {
            let result = oracle::check(&message, http::TYPES, &bytes);
            prop_assert!(result.is_ok(), "{}: {}", message.full_name(), result.unwrap_err());
        }
    }
}

#[test]
fn every_message_of_the_contract_is_covered() {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
    let messages = oracle::messages(&pool, &PACKAGES);
    for name in [
        "artisan.user.v1.User",
        "artisan.user.v1.BatchCreateUsersRequest.Item",
        "google.rpc.Status",
    ] {
        assert!(messages.iter().any(|message| message.full_name() == name), "{name}");
    }
}
