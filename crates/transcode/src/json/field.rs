//! How fields of each cardinality are written and read. Called by generated code.

use super::codec::Codec;
use super::{JsonReader, JsonWriter, ReadError, WriteError};

/// Writes a field that is there.
pub fn write<C: Codec<T>, T>(
    key: &str,
    value: &T,
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    writer.raw_key(key);
    C::write(value, writer)
}

/// Writes a field without presence, unless it has its default value.
pub fn write_implicit<C: Codec<T>, T>(
    key: &str,
    value: &T,
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    if C::is_default(value) { Ok(()) } else { write::<C, T>(key, value, writer) }
}

/// Writes a field with presence, if it is there.
pub fn write_optional<C: Codec<T>, T>(
    key: &str,
    value: Option<&T>,
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    value.map_or(Ok(()), |value| write::<C, T>(key, value, writer))
}

/// Writes a list, unless it is empty.
pub fn write_list<C: Codec<T>, T>(
    key: &str,
    values: &[T],
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    if values.is_empty() {
        return Ok(());
    }
    writer.raw_key(key);
    write_array::<C, T>(values, writer)
}

/// Writes an array.
pub fn write_array<C: Codec<T>, T>(
    values: &[T],
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    writer.begin_array();
    for value in values {
        writer.element();
        C::write(value, writer)?;
    }
    writer.end_array();
    Ok(())
}

/// Writes a map, unless it is empty.
pub fn write_map<'m, C: Codec<V>, K: std::fmt::Display + 'm, V: 'm>(
    key: &str,
    entries: impl ExactSizeIterator<Item = (&'m K, &'m V)>,
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    if entries.len() == 0 {
        return Ok(());
    }
    writer.raw_key(key);
    write_object::<C, K, V>(entries, writer)
}

/// Writes the entries of a map as an object.
pub fn write_object<'m, C: Codec<V>, K: std::fmt::Display + 'm, V: 'm>(
    entries: impl Iterator<Item = (&'m K, &'m V)>,
    writer: &mut JsonWriter<'_>,
) -> Result<(), WriteError> {
    writer.begin_object();
    for (key, value) in entries {
        writer.key(&key.to_string());
        C::write(value, writer)?;
    }
    writer.end_object();
    Ok(())
}

/// Reads an array into a list.
pub fn read_list<C: Codec<T>, T>(
    values: &mut Vec<T>,
    reader: &mut JsonReader<'_>,
) -> Result<(), ReadError> {
    reader.begin_array()?;
    let mut at = 0;
    while reader.next_element()? {
        match read_element::<C, T>(reader) {
            Ok(value) => values.push(value),
            Err(error) if reader.ignores(&error) => {}
            Err(error) => return Err(error.in_element(at)),
        }
        at += 1;
    }
    Ok(())
}

/// Reads an object into a map, through `insert`, which gives back what was there under the key.
pub fn read_map<KC: Codec<K>, VC: Codec<V>, K, V>(
    reader: &mut JsonReader<'_>,
    mut insert: impl FnMut(K, V) -> Option<V>,
) -> Result<(), ReadError> {
    reader.begin_object()?;
    while let Some(text) = reader.next_key()? {
        let mut entry = || -> Result<(), ReadError> {
            let key =
                KC::parse(&text).map_err(|_| ReadError::value("has a key of the wrong type"))?;
            match read_element::<VC, V>(reader).map(|value| insert(key, value)) {
                Ok(None) => Ok(()),
                Ok(Some(_)) => Err(ReadError::value("is given twice")),
                Err(error) if reader.ignores(&error) => Ok(()),
                Err(error) => Err(error),
            }
        };
        entry().map_err(|error| error.in_element(super::error::shown_name(&text)))?;
    }
    Ok(())
}

fn read_element<C: Codec<T>, T>(reader: &mut JsonReader<'_>) -> Result<T, ReadError> {
    if !C::TAKES_NULL && reader.peek() == Some(b'n') {
        return Err(reader.mismatch("must not be null"));
    }
    C::read(reader)
}
