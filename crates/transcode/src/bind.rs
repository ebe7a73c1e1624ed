//! Makes a method's request out of an HTTP request: the path goes before the body, and the body
//! before the query. A field has one place only: what the path or the body gives, the query must
//! not give again.

mod etag;
mod idempotency;
mod mask;
mod query;

use prost::Message;

use crate::error::{BindError, Violation};
use crate::fields::{FieldInfo, Fields, MessageInfo, Shape, Wire};
use crate::json::{JsonReader, ParamError, ProtoJson, ReadError, Types, to_wire};
use crate::route::Inputs;

/// Which part of the request the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    None,
    /// All of it: `body: "*"`.
    All,
    /// One field, by its index.
    Field(usize),
}

/// How a route's request is made. Fields are named by the indexes that lead to them.
#[derive(Debug)]
pub struct Binding {
    /// What each of the template's variables sets.
    pub captures: &'static [&'static [usize]],
    /// What the body is.
    pub body: Body,
    /// What `If-Match` fills.
    pub etag: Option<&'static [usize]>,
    /// What `Idempotency-Key` fills.
    pub request_id: Option<&'static [usize]>,
    /// The field mask that the body's keys make when it is not given.
    pub mask: Option<usize>,
    /// What a `google.protobuf.Any` in the body may hold.
    pub types: Types,
}

/// Makes the encoded request of a route.
pub fn bind<M>(inputs: &Inputs<'_>, binding: &Binding) -> Result<Vec<u8>, BindError>
where
    M: Message + Fields + ProtoJson,
{
    // RFC 9110, section 13.1.1: nothing may be done where it is false.
    if inputs.if_match.is_some() && binding.etag.is_none() {
        return Err(BindError::UnexpectedIfMatch);
    }
    let mut request = M::default();
    let mut violations = Vec::new();
    let given = query::bind(&mut request, inputs, binding, &mut violations);
    let mut encoded = Vec::new();
    let read = if body_can_stay_encoded(M::info(), inputs, binding) {
        encode_body(M::info(), inputs, binding, &mut encoded)
    } else {
        read_body(&mut request, inputs, binding)
    };
    match read {
        Err(BindError::Fields(found)) => violations.extend(found),
        read => read?,
    }
    bind_mask(&mut request, inputs, binding, &given, &mut violations)?;
    for (path, (field, value)) in binding.captures.iter().zip(inputs.captures.iter()) {
        set(&mut request, path, value, field, &mut violations);
    }
    bind_headers(&mut request, inputs, binding, &mut violations);
    if violations.is_empty() {
        // Of a field that comes again the last one counts, or is merged with the first.
        encoded.reserve_exact(request.encoded_len());
        request.encode_raw(&mut encoded);
        Ok(encoded)
    } else {
        Err(BindError::Fields(violations))
    }
}

fn set<M: Fields>(
    request: &mut M,
    path: &[usize],
    text: &str,
    field: &str,
    violations: &mut Vec<Violation>,
) {
    if let Err(error) = request.set_param(path, text) {
        violations.push(violation(field, error));
    }
}

fn violation(field: &str, error: ParamError) -> Violation {
    Violation { field: field.to_owned(), description: error.into_description() }
}

fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

/// Whether nothing of the request has to be held against what the body says, nor the body to be overruled
/// by a value that is encoded as nothing.
fn body_can_stay_encoded(info: &MessageInfo, inputs: &Inputs<'_>, binding: &Binding) -> bool {
    let mut captures = binding.captures.iter().zip(inputs.captures.iter());
    if !captures.all(|(path, (_, text))| is_text(info, path) && !text.is_empty()) {
        return false;
    }
    let is_compared = (binding.etag.is_some() && inputs.if_match.is_some())
        || (binding.request_id.is_some() && inputs.idempotency_key.is_some());
    let excludes_others = match binding.body {
        Body::Field(index) => info.fields.get(index).is_some_and(|field| field.oneof.is_some()),
        Body::None | Body::All => false,
    };
    info.is_plain && !is_compared && !excludes_others
}

/// Whether the field at a path of indexes is a string.
fn is_text(info: &MessageInfo, path: &[usize]) -> bool {
    let Some((index, rest)) = path.split_first() else { return false };
    match info.fields.get(*index) {
        Some(field) if rest.is_empty() => matches!(field.wire, Wire::Text),
        Some(FieldInfo { shape: Shape::Message(inner), .. }) => is_text(inner, rest),
        Some(_) | None => false,
    }
}

/// Appends the body as it is encoded, with nothing of it held in memory as a value.
fn encode_body(
    info: &MessageInfo,
    inputs: &Inputs<'_>,
    binding: &Binding,
    encoded: &mut Vec<u8>,
) -> Result<(), BindError> {
    with_body(info, inputs, binding, |field, reader| match field {
        None => to_wire::read(info, reader, None, encoded),
        Some((_, field)) => to_wire::read_field(field, reader, encoded),
    })
}

fn read_body<M: Fields + ProtoJson>(
    request: &mut M,
    inputs: &Inputs<'_>,
    binding: &Binding,
) -> Result<(), BindError> {
    with_body(M::info(), inputs, binding, |field, reader| match field {
        None => request.merge_json(reader),
        Some((index, _)) => request.read_field(index, reader),
    })
}

/// Lets the body be read, if there is one, with the field that it is.
fn with_body(
    info: &MessageInfo,
    inputs: &Inputs<'_>,
    binding: &Binding,
    read: impl FnOnce(Option<(usize, &FieldInfo)>, &mut JsonReader<'_>) -> Result<(), ReadError>,
) -> Result<(), BindError> {
    if is_blank(inputs.body) {
        return Ok(());
    }
    let field = match binding.body {
        Body::None => return Err(BindError::UnexpectedBody),
        Body::All => None,
        Body::Field(index) => info.fields.get(index).map(|field| (index, field)),
    };
    let mut reader = JsonReader::new(inputs.body, binding.types)?;
    match field {
        Some((_, field)) if !field.takes_null && reader.null() => {}
        Some((_, known)) => read(field, &mut reader).map_err(|error| error.in_field(known.name))?,
        None => read(None, &mut reader)?,
    }
    Ok(reader.finish()?)
}

/// Fills the mask from the body's keys, unless the query gives it.
fn bind_mask<M: Fields>(
    request: &mut M,
    inputs: &Inputs<'_>,
    binding: &Binding,
    given: &query::Given,
    violations: &mut Vec<Violation>,
) -> Result<(), BindError> {
    let (Some(mask), Body::Field(body)) = (binding.mask, binding.body) else { return Ok(()) };
    if !violations.is_empty() || given.has(&[mask]) || is_blank(inputs.body) {
        return Ok(());
    }
    let Some(Shape::Message(info)) = M::info().fields.get(body).map(|field| &field.shape) else {
        return Ok(());
    };
    let addressed: Vec<&[usize]> = binding
        .captures
        .iter()
        .copied()
        .chain(binding.etag)
        .filter_map(|path| path.strip_prefix(&[body]))
        .collect();
    let paths = mask::of_body(info, inputs.body, &addressed)?;
    if !paths.is_empty() {
        set(request, &[mask], &paths.join(","), name_of(M::info(), mask), violations);
    }
    Ok(())
}

fn bind_headers<M: Fields>(
    request: &mut M,
    inputs: &Inputs<'_>,
    binding: &Binding,
    violations: &mut Vec<Violation>,
) {
    if let (Some(path), Some(header)) = (binding.etag, inputs.if_match) {
        let field = path_name(M::info(), path);
        match etag::of_if_match(header, request.text(path).unwrap_or_default()) {
            Ok(Some(tag)) => set(request, path, tag, &field, violations),
            Ok(None) => {}
            Err(error) => violations.push(violation(&field, error)),
        }
    }
    if let (Some(path), Some(header)) = (binding.request_id, inputs.idempotency_key) {
        let field = path_name(M::info(), path);
        match idempotency::key(header, request.text(path).unwrap_or_default()) {
            Ok(key) => set(request, path, &key, &field, violations),
            Err(error) => violations.push(violation(&field, error)),
        }
    }
}

fn name_of(info: &MessageInfo, index: usize) -> &'static str {
    info.fields.get(index).map_or("", |field| field.name)
}

/// The proto names that a path of indexes stands for.
fn path_name(info: &'static MessageInfo, path: &[usize]) -> String {
    let mut names = Vec::with_capacity(path.len());
    let mut info = Some(info);
    for index in path {
        let field: Option<&'static FieldInfo> = info.and_then(|info| info.fields.get(*index));
        names.extend(field.map(|field| field.name));
        info = match field.map(|field| &field.shape) {
            Some(Shape::Message(inner)) => Some(inner),
            _ => None,
        };
    }
    names.join(".")
}
