use crate::fields::{MessageInfo, Shape};
use crate::json::{JsonReader, ReadError};

/// The field mask of a JSON merge: the paths of all members that are no objects of known fields. A
/// member that is `null` or an empty object is named itself, so that it can be cleared.
///
/// What addresses the resource (`addressed`: its name, its etag) and what is output only is no
/// change, so that a client can send back what it read.
pub(super) fn of_body(
    info: &MessageInfo,
    body: &[u8],
    addressed: &[&[usize]],
) -> Result<Vec<String>, ReadError> {
    let mut reader = JsonReader::new(body, &[])?;
    let mut paths = Vec::new();
    if !reader.null() {
        collect(info, "", addressed, &mut reader, &mut paths)?;
    }
    Ok(paths)
}

fn collect(
    info: &MessageInfo,
    prefix: &str,
    addressed: &[&[usize]],
    reader: &mut JsonReader<'_>,
    paths: &mut Vec<String>,
) -> Result<(), ReadError> {
    reader.begin_object()?;
    let mut hint = 0;
    let mut is_empty = true;
    while let Some(key) = reader.next_key()? {
        is_empty = false;
        // The body was read before: all its keys are known.
        let Some((index, field)) = info.find(&key, hint) else {
            reader.skip_value()?;
            continue;
        };
        hint = index + 1;
        if field.output_only || addressed.contains(&&[index][..]) {
            reader.skip_value()?;
            continue;
        }
        let dot = if prefix.is_empty() { "" } else { "." };
        let path = [prefix, dot, field.name].concat();
        match &field.shape {
            Shape::Message(inner) if !reader.null() => {
                let inside: Vec<&[usize]> =
                    addressed.iter().filter_map(|path| path.strip_prefix(&[index])).collect();
                collect(inner, &path, &inside, reader, paths)?;
            }
            // A null is taken already.
            Shape::Message(_) => paths.push(path),
            _ => {
                reader.skip_value()?;
                paths.push(path);
            }
        }
    }
    if is_empty && !prefix.is_empty() {
        paths.push(prefix.to_owned());
    }
    Ok(())
}
