//! Paths of fields, as indexes.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::types::{self, Reach};

/// The indexes that a dotted path of proto names leads along, and the field at its end.
pub(super) fn resolve(
    message: &MessageDescriptor,
    path: &str,
) -> Option<(Vec<usize>, FieldDescriptor)> {
    let mut indexes = Vec::new();
    let mut message = Some(message.clone());
    let mut last = None;
    for name in path.split('.') {
        let (index, field) = find(message.as_ref()?, name)?;
        indexes.push(index);
        message = match types::reach(&field) {
            Reach::Message(inner) => Some(inner),
            _ => None,
        };
        last = Some(field);
    }
    last.map(|field| (indexes, field))
}

pub(super) fn find(message: &MessageDescriptor, name: &str) -> Option<(usize, FieldDescriptor)> {
    message.fields().enumerate().find(|(_, field)| field.name() == name)
}

/// A string field of this name.
pub(super) fn find_string(
    message: &MessageDescriptor,
    name: &str,
) -> Option<(usize, FieldDescriptor)> {
    find(message, name).filter(|(_, field)| {
        matches!(field.kind(), Kind::String)
            && !field.is_list()
            && field.containing_oneof().is_none()
    })
}

/// The only field mask of a message.
pub(super) fn only_mask(message: &MessageDescriptor) -> Option<usize> {
    let mut masks = message.fields().enumerate().filter(|(_, field)| match field.kind() {
        Kind::Message(inner) => {
            inner.full_name() == "google.protobuf.FieldMask" && !field.is_list()
        }
        _ => false,
    });
    let (index, _) = masks.next()?;
    masks.next().is_none().then_some(index)
}
