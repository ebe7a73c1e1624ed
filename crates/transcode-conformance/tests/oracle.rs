//! Every kind of field, held against reflection.

use artisan_transcode::{Inputs, json};
use artisan_transcode_conformance::kitchen::http::{ROUTES, TYPES};
use artisan_transcode_conformance::kitchen::kitchen::v1::Everything;
use artisan_transcode_conformance::oracle::Choices;
use artisan_transcode_conformance::{kitchen, oracle};
use proptest::prelude::*;
use prost::Message as _;
use prost_reflect::DescriptorPool;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_of_field_has_the_json_that_reflection_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let pool = DescriptorPool::decode(kitchen::FILE_DESCRIPTOR_SET).unwrap();
        for message in oracle::messages(&pool, &["kitchen.v1"]) {
            let result = oracle::check(&message, TYPES, &bytes);
            prop_assert!(result.is_ok(), "{}: {}", message.full_name(), result.unwrap_err());
        }
    }

    #[test]
    fn a_body_binds_to_the_message_that_reading_it_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let pool = DescriptorPool::decode(kitchen::FILE_DESCRIPTOR_SET).unwrap();
        let descriptor = pool.get_message_by_name("kitchen.v1.Everything").unwrap();
        let message = oracle::message(&descriptor, &mut Choices::new(&bytes), 0);
        let body = serde_json::to_vec(&message).unwrap();
        let read: Everything = json::from_slice(&body, TYPES).unwrap();
        let route = ROUTES.iter().find(|route| route.verb == "SEARCH").unwrap();
        let bound = (route.bind)(&Inputs { body: &body, ..Inputs::default() }).unwrap();
        let bound = Everything::decode(bound.as_slice()).unwrap();
        // As text: what is no number is equal to nothing.
        prop_assert_eq!(format!("{bound:?}"), format!("{read:?}"));
    }
}
