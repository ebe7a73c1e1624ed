//! Makes a method's request out of an HTTP request: the path goes before the body, and the body
//! before the query. A field has one place only: what the path or the body gives, the query must
//! not give again.

mod etag;
mod idempotency;
mod mask;
mod query;

use prost::Message;

use crate::error::{BindError, Violation};
use crate::fields::{FieldInfo, Fields, MessageInfo};
use crate::json::{JsonReader, ParamError, ProtoJson, ReadError, Types};
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
    let mut request = M::default();
    let mut violations = Vec::new();
    let given = query::bind(&mut request, inputs, binding, &mut violations);
    bind_body(&mut request, inputs, binding, &mut violations)?;
    bind_mask(&mut request, inputs, binding, &given, &mut violations)?;
    for (path, (field, value)) in binding.captures.iter().zip(inputs.captures.iter()) {
        set(&mut request, path, value, field, &mut violations);
    }
    bind_headers(&mut request, inputs, binding, &mut violations);
    if violations.is_empty() {
        Ok(request.encode_to_vec())
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

fn bind_body<M: Fields + ProtoJson>(
    request: &mut M,
    inputs: &Inputs<'_>,
    binding: &Binding,
    violations: &mut Vec<Violation>,
) -> Result<(), BindError> {
    if is_blank(inputs.body) {
        return Ok(());
    }
    let read = match binding.body {
        Body::None => return Err(BindError::UnexpectedBody),
        Body::All => JsonReader::new(inputs.body, binding.types).and_then(|mut reader| {
            request.merge_json(&mut reader)?;
            reader.finish()
        }),
        Body::Field(index) => read_body_field(request, index, inputs, binding),
    };
    match read.map_err(BindError::from) {
        Err(BindError::Fields(found)) => violations.extend(found),
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    Ok(())
}

fn read_body_field<M: Fields>(
    request: &mut M,
    index: usize,
    inputs: &Inputs<'_>,
    binding: &Binding,
) -> Result<(), ReadError> {
    let mut reader = JsonReader::new(inputs.body, binding.types)?;
    let field = M::info().fields.get(index);
    let takes_null = field.is_some_and(|field| field.takes_null);
    if takes_null || !reader.null() {
        let name = field.map_or("", |field| field.name);
        request.read_field(index, &mut reader).map_err(|error| error.in_field(name))?;
    }
    reader.finish()
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
    let Some(crate::fields::Shape::Message(info)) =
        M::info().fields.get(body).map(|field| &field.shape)
    else {
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
            Some(crate::fields::Shape::Message(inner)) => Some(inner),
            _ => None,
        };
    }
    names.join(".")
}
