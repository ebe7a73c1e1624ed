use crate::{percent, wire};

/// The entity tag in field `number` of an encoded resource, quoted as the `ETag` header has it
/// (RFC 9110, section 8.8.3).
#[must_use]
pub fn etag(resource: &[u8], number: u32) -> Option<String> {
    let tag = wire::string_field(resource, number).filter(|tag| !tag.is_empty())?;
    let is_tag =
        tag.len() > 1 && tag.trim_start_matches("W/").starts_with('"') && tag.ends_with('"');
    Some(if is_tag { tag } else { format!("\"{tag}\"") })
}

/// The path of an encoded resource: `prefix` and the name in field `number`.
#[must_use]
pub fn location(resource: &[u8], number: u32, prefix: &str) -> Option<String> {
    let name = wire::string_field(resource, number).filter(|name| !name.is_empty())?;
    let mut path = String::with_capacity(prefix.len() + name.len());
    path.push_str(prefix);
    percent::encode_path(&name, &mut path);
    Some(path)
}
