//! Messages as objects.

use super::{JsonReader, JsonWriter, ReadError, WriteError};
use crate::fields::{FieldInfo, Fields, MessageInfo};
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
    read_members(M::info(), reader, None, |index, _, reader| message.read_field(index, reader))
}

/// Reads an object member by member; `read` is given each field that has a value. A member named
/// `ignored` is read over.
pub(super) fn read_members(
    info: &MessageInfo,
    reader: &mut JsonReader<'_>,
    ignored: Option<&str>,
    mut read: impl FnMut(usize, &'static FieldInfo, &mut JsonReader<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    reader.begin_object()?;
    let mut given = Given::default();
    let mut hint = 0;
    while let Some(key) = reader.next_key()? {
        if ignored == Some(&*key) {
            reader.skip_value()?;
            continue;
        }
        let Some((index, field)) = info.find(&key, hint) else {
            if reader.ignores_unknown() {
                reader.skip_value()?;
                continue;
            }
            return Err(ReadError::unknown_field(&key));
        };
        hint = index + 1;
        let member = match given.admit(index, field, reader) {
            Ok(true) => read(index, field, reader),
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        match member {
            Err(error) if !reader.ignores(&error) => return Err(error.in_field(field.name)),
            _ => {}
        }
    }
    Ok(())
}

/// The fields and oneofs that an object has given so far.
#[derive(Debug, Default)]
struct Given {
    fields: Seen,
    oneofs: Seen,
}

impl Given {
    /// Whether the member has a value; refused if the field or its oneof had one before.
    fn admit(
        &mut self,
        index: usize,
        field: &FieldInfo,
        reader: &mut JsonReader<'_>,
    ) -> Result<bool, ReadError> {
        if !self.fields.insert(index) {
            return Err(ReadError::value("is given twice"));
        }
        if !field.takes_null && reader.null() {
            return Ok(false);
        }
        if field.oneof.is_some_and(|oneof| !self.oneofs.insert(oneof)) {
            return Err(ReadError::value("excludes another field that is given"));
        }
        Ok(true)
    }
}
