//! Every kind of field, held against reflection.

use artisan_transcode_conformance::{kitchen, oracle};
use proptest::prelude::*;
use prost_reflect::DescriptorPool;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_of_field_has_the_json_that_reflection_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let pool = DescriptorPool::decode(kitchen::FILE_DESCRIPTOR_SET).unwrap();
        for message in oracle::messages(&pool, &["kitchen.v1"]) {
            let result = oracle::check(&message, kitchen::http::TYPES, &bytes);
            prop_assert!(result.is_ok(), "{}: {}", message.full_name(), result.unwrap_err());
        }
    }
}
