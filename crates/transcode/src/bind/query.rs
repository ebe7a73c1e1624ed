use std::borrow::Cow;

use super::{Binding, Body, violation};
use crate::error::Violation;
use crate::fields::{Fields, MessageInfo, Shape};
use crate::json::ParamError;
use crate::percent;
use crate::route::Inputs;

/// How many messages deep a parameter may reach.
const DEEPEST: usize = 32;

/// The fields that the query has given.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<Vec<usize>>);

impl Given {
    pub(super) fn has(&self, path: &[usize]) -> bool {
        self.0.iter().any(|given| given == path)
    }
}

/// Sets the fields that the query names. Errors are collected, so that all are told at once.
pub(super) fn bind<M: Fields>(
    request: &mut M,
    inputs: &Inputs<'_>,
    binding: &Binding,
    violations: &mut Vec<Violation>,
) -> Given {
    let mut given = Given::default();
    for pair in inputs.query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (raw_name, raw_value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent::decode_query(raw_name).unwrap_or(Cow::Borrowed(raw_name));
        let result = resolve(M::info(), &name)
            .and_then(|(path, is_list)| given.admit(M::info(), path, is_list, binding))
            .and_then(|path| {
                let value = percent::decode_query(raw_value)
                    .ok_or_else(|| ParamError::new("is not percent-encoded UTF-8"))?;
                request.set_param(path, &value)
            });
        if let Err(error) = result {
            violations.push(violation(&canonical_name(M::info(), &name), error));
        }
    }
    given
}

/// The indexes that a parameter's name leads to, and whether a list stands there.
fn resolve(info: &'static MessageInfo, name: &str) -> Result<(Vec<usize>, bool), ParamError> {
    let unknown = || ParamError::new("is not a known query parameter");
    let mut path = Vec::new();
    let mut info = Some(info);
    let mut is_list = None;
    for part in name.split('.') {
        let (index, field) = info.and_then(|info| info.find(part, 0)).ok_or_else(unknown)?;
        path.push(index);
        if path.len() > DEEPEST {
            return Err(unknown());
        }
        (info, is_list) = match field.shape {
            Shape::Text => (None, Some(false)),
            Shape::TextList => (None, Some(true)),
            Shape::Message(inner) => (Some(inner), None),
            Shape::Opaque => (None, None),
        };
    }
    match is_list {
        Some(is_list) => Ok((path, is_list)),
        None => Err(ParamError::new("cannot be a query parameter")),
    }
}

/// A parameter's name in proto names if it is known, else a form of it that can be shown.
fn canonical_name(info: &'static MessageInfo, name: &str) -> String {
    match resolve(info, name) {
        Ok((path, _)) => super::path_name(info, &path),
        Err(_) => crate::json::shown_name(name),
    }
}

impl Given {
    /// Accepts a parameter, unless its field is given elsewhere or before.
    fn admit(
        &mut self,
        info: &'static MessageInfo,
        path: Vec<usize>,
        is_list: bool,
        binding: &Binding,
    ) -> Result<&[usize], ParamError> {
        let is_in_body = match binding.body {
            Body::None => false,
            Body::All => true,
            Body::Field(index) => path.first() == Some(&index),
        };
        if binding.captures.contains(&&path[..]) {
            return Err(ParamError::new("is given by the path already"));
        }
        if is_in_body {
            return Err(ParamError::new("belongs in the request body"));
        }
        // An element more of a list is noted already: a long list takes no longer for each of them.
        if let Some(given) = self.0.iter().position(|given| *given == path) {
            let given = self.0.get(given).filter(|_| is_list);
            return given.map(Vec::as_slice).ok_or(ParamError::new("is given twice"));
        }
        if self.0.iter().any(|given| are_exclusive(info, given, &path)) {
            return Err(ParamError::new("excludes another parameter that is given"));
        }
        self.0.push(path);
        Ok(self.0.last().map_or(&[], Vec::as_slice))
    }
}

/// Whether two paths part at two members of one oneof.
fn are_exclusive(info: &'static MessageInfo, one: &[usize], other: &[usize]) -> bool {
    let mut info = info;
    for (left, right) in one.iter().zip(other) {
        let field = info.fields.get(*left);
        if left != right {
            let oneof = field.and_then(|field| field.oneof);
            return oneof.is_some()
                && oneof == info.fields.get(*right).and_then(|field| field.oneof);
        }
        match field.map(|field| &field.shape) {
            Some(Shape::Message(inner)) => info = inner,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{FieldInfo, Presence, Wire};

    const fn field(name: &'static str, shape: Shape) -> FieldInfo {
        let (oneof, takes_null, output_only) = (None, false, false);
        let (number, key, wire, presence) = (1, "", Wire::Text, Presence::Implicit);
        let json_name = name;
        FieldInfo {
            number,
            name,
            json_name,
            key,
            wire,
            presence,
            oneof,
            shape,
            takes_null,
            output_only,
        }
    }

    static INFO: MessageInfo = MessageInfo {
        name: "Request",
        fields: &[field("names", Shape::TextList), field("page", Shape::Text)],
        is_plain: true,
    };

    #[test]
    fn a_list_is_noted_once_however_long_it_is() {
        let (etag, request_id, mask) = (None, None, None);
        let binding =
            Binding { captures: &[], body: Body::None, etag, request_id, mask, types: &[] };
        let mut given = Given::default();
        for _ in 0..1000 {
            assert_eq!(given.admit(&INFO, vec![0], true, &binding), Ok(&[0][..]));
        }
        assert_eq!(given.admit(&INFO, vec![1], false, &binding), Ok(&[1][..]));
        assert!(given.admit(&INFO, vec![1], false, &binding).is_err());
        assert_eq!(given.0.len(), 2);
    }
}
