//! Messages as objects.

use super::error::shown_name;
use super::{JsonReader, JsonWriter, ReadError, WriteError};
use crate::fields::{FieldInfo, Fields};
use crate::seen::Seen;

/// Writes a message as an object.
pub fn write_object<M: Fields>(message: &M, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
    writer.begin_object();
    message.write_fields(writer)?;
    writer.end_object();
    Ok(())
}

/// Reads an object into a message.
pub fn merge_object<M: Fields>(
    message: &mut M,
    reader: &mut JsonReader<'_>,
) -> Result<(), ReadError> {
    merge_members(message, reader, None)
}

/// Reads an object into a message; a member named `ignored` is read over.
pub(super) fn merge_members<M: Fields>(
    message: &mut M,
    reader: &mut JsonReader<'_>,
    ignored: Option<&str>,
) -> Result<(), ReadError> {
    reader.begin_object()?;
    let info = M::info();
    let mut given = Given::default();
    let mut hint = 0;
    while let Some(key) = reader.next_key()? {
        if ignored == Some(&*key) {
            reader.skip_value()?;
            continue;
        }
        let Some((index, field)) = info.find(&key, hint) else {
            return Err(ReadError::value("is not a known field").in_field(&shown_name(&key)));
        };
        hint = index + 1;
        merge_member(message, index, field, &mut given, reader)
            .map_err(|error| error.in_field(field.name))?;
    }
    Ok(())
}

/// The fields and oneofs that an object has given so far.
#[derive(Debug, Default)]
struct Given {
    fields: Seen,
    oneofs: Seen,
}

fn merge_member<M: Fields>(
    message: &mut M,
    index: usize,
    field: &FieldInfo,
    given: &mut Given,
    reader: &mut JsonReader<'_>,
) -> Result<(), ReadError> {
    if !given.fields.insert(index) {
        return Err(ReadError::value("is given twice"));
    }
    if !field.takes_null && reader.null() {
        return Ok(());
    }
    if field.oneof.is_some_and(|oneof| !given.oneofs.insert(oneof)) {
        return Err(ReadError::value("excludes another field that is given"));
    }
    message.read_field(index, reader)
}
