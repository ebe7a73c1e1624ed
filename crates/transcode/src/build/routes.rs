//! The code for routes.

use std::fmt::Write as _;

use super::annotations::{self, HttpBinding};
use super::error::BuildError;
use super::fields::FieldCode;
use super::names::Names;
use super::paths;
use super::types::{self, Reach};
use crate::template::{Part, Template};

pub(super) fn generate(names: &Names, bindings: &[HttpBinding]) -> Result<String, BuildError> {
    let mut statics = String::new();
    let mut routes = String::from("pub static ROUTES: &[Route] = &[\n");
    for (number, binding) in bindings.iter().enumerate() {
        if binding.method.is_client_streaming() {
            return Err(BuildError::new(
                binding.method.full_name(),
                "a stream of requests has no HTTP binding",
            ));
        }
        static_binding(number, binding, &mut statics)?;
        route(names, number, binding, bindings, &mut routes)?;
    }
    routes.push_str("];\n");
    Ok(statics + &routes)
}

fn static_binding(
    number: usize,
    binding: &HttpBinding,
    rust: &mut String,
) -> Result<(), BuildError> {
    let input = binding.method.input();
    if !types::is_plain(&input) {
        let element = binding.method.full_name();
        return Err(BuildError::new(element, "a request has no required fields"));
    }
    let mut captures = Vec::new();
    for variable in &binding.parsed.variables {
        let field = paths::resolve(&input, &variable.field)
            .filter(|(_, field)| !field.is_list() && types::reach(field) == Reach::Text);
        let Some((indexes, _)) = field else {
            return Err(BuildError::new(
                binding.method.full_name(),
                format!("`{}` is no field that a path can hold", variable.field),
            ));
        };
        captures.push(format!("&{indexes:?}"));
    }
    let body = body_index(binding)?;
    let _ = writeln!(
        rust,
        "static BINDING_{number}: Binding = Binding {{ captures: &[{}], body: {}, etag: {}, \
         request_id: {}, mask: {:?}, types: TYPES }};",
        captures.join(", "),
        match (body, binding.body.as_str()) {
            (Some(index), _) => format!("Body::Field({index})"),
            (None, "*") => "Body::All".to_owned(),
            (None, _) => "Body::None".to_owned(),
        },
        some_path(etag_path(binding, body)),
        some_path(paths::find_string(&input, "request_id").map(|(index, _)| vec![index])),
        mask_index(binding, body),
    );
    Ok(())
}

fn some_path(path: Option<Vec<usize>>) -> String {
    path.map_or("None".to_owned(), |path| format!("Some(&{path:?})"))
}

/// The index of the field that is the body, if it is one.
fn body_index(binding: &HttpBinding) -> Result<Option<usize>, BuildError> {
    match binding.body.as_str() {
        "" | "*" => Ok(None),
        name => match paths::find(&binding.method.input(), name) {
            Some((index, _)) => Ok(Some(index)),
            None => Err(BuildError::new(
                binding.method.full_name(),
                format!("the body `{name}` is no field of the request"),
            )),
        },
    }
}

/// The etag of the resource in the body, or else of the request itself; what is made has no version before.
fn etag_path(binding: &HttpBinding, body: Option<usize>) -> Option<Vec<usize>> {
    if creates(binding) {
        return None;
    }
    let input = binding.method.input();
    let in_body = body.and_then(|body| match types::reach(&input.fields().nth(body)?) {
        Reach::Message(resource) => {
            paths::find_string(&resource, "etag").map(|(index, _)| vec![body, index])
        }
        _ => None,
    });
    in_body.or_else(|| paths::find_string(&input, "etag").map(|(index, _)| vec![index]))
}

/// The mask that the body's keys stand for: of a PATCH whose body is one message.
fn mask_index(binding: &HttpBinding, body: Option<usize>) -> Option<usize> {
    let input = binding.method.input();
    let field = input.fields().nth(body?)?;
    let is_message = matches!(types::reach(&field), Reach::Message(_));
    (binding.verb == "PATCH" && is_message).then(|| paths::only_mask(&input)).flatten()
}

fn route(
    names: &Names,
    number: usize,
    binding: &HttpBinding,
    bindings: &[HttpBinding],
    rust: &mut String,
) -> Result<(), BuildError> {
    let method = &binding.method;
    let (input, output) = (method.input(), method.output());
    let service = method.parent_service().full_name().to_owned();
    let grpc_path = format!("/{service}/{}", method.name());
    let creates = creates(binding);
    let etag = paths::find_string(&output, "etag").map_or("None".to_owned(), |(_, field)| {
        format!("Some(|bytes| etag(bytes, {}))", field.number())
    });
    let location = match paths::find_string(&output, "name").filter(|_| creates) {
        Some((_, field)) => {
            let prefix = location_prefix(binding, bindings);
            format!("Some(|bytes| location(bytes, {}, {prefix:?}))", field.number())
        }
        None => "None".to_owned(),
    };
    let _ = writeln!(
        rust,
        "    Route {{
        verb: {:?},
        template: {:?},
        pattern: {},
        grpc_path: {grpc_path:?},
        service: {service:?},
        rpc: {:?},
        server_streaming: {},
        accepts_body: {},
        creates: {creates},
        bind: |inputs| bind::<{}>(inputs, &BINDING_{number}),
        render: {},
        etag: {etag},
        location: {location},
    }},",
        binding.verb,
        binding.template,
        pattern(&binding.parsed),
        method.name(),
        method.is_server_streaming(),
        !binding.body.is_empty(),
        names.message(&input),
        render(names, binding)?,
    );
    Ok(())
}

/// Whether `If-Match` fills a field of the request.
pub(super) fn takes_etag(binding: &HttpBinding) -> bool {
    etag_path(binding, body_index(binding).ok().flatten()).is_some()
}

/// Whether the response has an entity tag.
pub(super) fn gives_etag(binding: &HttpBinding) -> bool {
    paths::find_string(&binding.method.output(), "etag").is_some()
}

/// Whether the answer is a resource that was made (AIP-133).
pub(super) fn creates(binding: &HttpBinding) -> bool {
    let method = &binding.method;
    binding.verb == "POST"
        && method.name().starts_with("Create")
        && !method.is_server_streaming()
        && annotations::is_resource(&method.output())
        && paths::find_string(&method.output(), "name").is_some()
}

/// What stands before a resource's name in its own path: as the method that reads it has it, or else
/// the first segment of this one.
fn location_prefix(binding: &HttpBinding, bindings: &[HttpBinding]) -> String {
    let reader = bindings.iter().find(|other| {
        other.verb == "GET"
            && other.method.output() == binding.method.output()
            && other.parsed.verb.is_none()
            && other.template.matches('{').count() == 1
            && other.template.ends_with('}')
    });
    let template = reader.map_or(binding.template.as_str(), |reader| &reader.template);
    match template.split_once('{') {
        Some((prefix, _)) => prefix.to_owned(),
        None => match template.split('/').nth(1) {
            Some(first) => format!("/{first}/"),
            None => "/".to_owned(),
        },
    }
}

fn pattern(template: &Template) -> String {
    let segments: Vec<_> = template
        .segments
        .iter()
        .map(|part| match part {
            Part::Literal(text) => format!("Segment::Literal({text:?})"),
            Part::Any => "Segment::Any".to_owned(),
            Part::Rest => "Segment::Rest".to_owned(),
        })
        .collect();
    let captures: Vec<_> = template
        .variables
        .iter()
        .map(|variable| {
            format!(
                "Capture {{ field: {:?}, start: {}, end: {}, is_multi: {} }}",
                variable.field, variable.start, variable.end, variable.is_multi
            )
        })
        .collect();
    format!(
        "Pattern {{ segments: &[{}], verb: {:?}, captures: &[{}] }}",
        segments.join(", "),
        template.verb,
        captures.join(", ")
    )
}

fn render(names: &Names, binding: &HttpBinding) -> Result<String, BuildError> {
    let output = binding.method.output();
    let path = names.message(&output);
    if binding.response_body.is_empty() {
        return Ok(if names.info(&output).is_some() || path == "()" {
            format!("|bytes, out| render::<{path}>(bytes, TYPES, out)")
        } else {
            format!("|bytes, out| render_with::<{path}>(bytes, TYPES, out, ProtoJson::write_json)")
        });
    }
    let Some((index, field)) = paths::find(&output, &binding.response_body) else {
        return Err(BuildError::new(
            binding.method.full_name(),
            format!("the response body `{}` is no field of the response", binding.response_body),
        ));
    };
    let write = FieldCode::new(names, index, &field).write_value();
    Ok(format!("|bytes, out| render_with::<{path}>(bytes, TYPES, out, |m, w| {write})"))
}
