//! Random messages of any descriptor, and their JSON by reflection.
//!
//! Each message travels inside of a `google.protobuf.Any`, so that one check serves all types.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "an oracle for tests fails with the test"
)]

mod choices;
mod random;

use artisan_transcode::json::{self, Types};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, ReflectMessage as _};
use prost_types::Any;
use serde_json::Value;

pub use choices::Choices;
pub use random::message;

/// The messages of these packages, map entries left out.
#[must_use]
pub fn messages(pool: &DescriptorPool, packages: &[&str]) -> Vec<MessageDescriptor> {
    pool.all_messages()
        .filter(|message| packages.contains(&message.package_name()) && !message.is_map_entry())
        .collect()
}

/// Makes a message out of `bytes` and checks that the generated JSON is the one that reflection
/// gives, and that it reads back as the same message. `Err` says what differs.
pub fn check(descriptor: &MessageDescriptor, types: Types, bytes: &[u8]) -> Result<(), String> {
    let pool = descriptor.parent_pool();
    let original = as_any(&message(descriptor, &mut Choices::new(bytes), 0));
    let written = json::to_vec(&original, types).map_err(|error| error.to_string())?;
    let written: Value = serde_json::from_slice(&written).map_err(|error| error.to_string())?;
    check_rendered(&original, &written, types)?;
    let expected = reflected(pool, &original);
    let (written, expected) = (with_plain_numbers(written), with_plain_numbers(expected));
    if written != expected {
        return Err(format!("written: {written}\nexpected: {expected}"));
    }
    let read: Any = json::from_slice(expected.to_string().as_bytes(), types)
        .map_err(|error| format!("{error}, in {expected}"))?;
    // Compared as JSON: a map's entries have no order on the wire.
    let read = with_plain_numbers(reflected(pool, &read));
    if read != expected {
        return Err(format!("read: {read}\nexpected: {expected}"));
    }
    Ok(())
}

/// Checks that JSON made straight from the bytes is that of the decoded message: `written`, which says
/// the type as well.
fn check_rendered(message: &Any, written: &Value, types: Types) -> Result<(), String> {
    let name = message.type_url.rsplit('/').next().unwrap_or_default();
    let known = types.iter().find(|known| known.name() == name).expect("the type is generated");
    let mut rendered = Vec::new();
    known.render(&message.value, types, &mut rendered).map_err(|error| error.to_string())?;
    let rendered: Value = serde_json::from_slice(&rendered).map_err(|error| error.to_string())?;
    let mut written = written.clone();
    written.as_object_mut().expect("messages are objects").remove("@type");
    if rendered == written {
        Ok(())
    } else {
        Err(format!("rendered: {rendered}\nwritten: {written}"))
    }
}

fn as_any(message: &DynamicMessage) -> Any {
    Any {
        type_url: format!("type.googleapis.com/{}", message.descriptor().full_name()),
        value: message.encode_to_vec(),
    }
}

fn reflected(pool: &DescriptorPool, any: &Any) -> Value {
    let descriptor = pool.get_message_by_name("google.protobuf.Any").expect("Any is imported");
    let dynamic = DynamicMessage::decode(descriptor, any.encode_to_vec().as_slice())
        .expect("an encoded Any is one");
    // Through text: a float's shortest digits are not those of the same double.
    let text = serde_json::to_string(&dynamic).expect("the message has a JSON form");
    serde_json::from_str(&text).expect("reflection writes JSON")
}

/// The same JSON with `1` and `1.0` made one.
fn with_plain_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(values) => values.into_iter().map(with_plain_numbers).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (key, with_plain_numbers(value))).collect()
        }
        other => other,
    }
}
