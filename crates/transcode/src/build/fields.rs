//! The code for one field.

use prost_reflect::{FieldDescriptor, Kind};

use super::names::{self, Names};
use super::types::{self, Reach};

/// A field of a generated struct.
#[derive(Debug)]
pub(super) struct FieldCode {
    index: usize,
    /// The key as JSON with its colon, as a Rust literal.
    key: String,
    codec: String,
    place: Place,
    reach: Reach,
    is_string: bool,
}

/// Where the value is.
#[derive(Debug)]
enum Place {
    /// In the field.
    Bare { name: String, is_required: bool },
    /// In an `Option`.
    Optional { name: String },
    /// In a `Vec`.
    List { name: String },
    /// In a map; with the codec of its keys.
    Map { name: String, key: String },
    /// In a variant of the enum of a oneof.
    Variant { name: String, variant: String },
}

impl FieldCode {
    pub(super) fn new(names: &Names, index: usize, field: &FieldDescriptor) -> Self {
        let kind = match field.kind() {
            Kind::Message(entry) if field.is_map() => entry.map_entry_value_field().kind(),
            kind => kind,
        };
        Self {
            index,
            key: key(field),
            codec: types::codec(names, &kind),
            place: place(names, field),
            reach: types::reach(field),
            is_string: matches!(kind, Kind::String),
        }
    }

    /// The statement that writes the field as a member.
    pub(super) fn write(&self) -> String {
        let Self { key, codec, .. } = self;
        match &self.place {
            Place::Bare { name, is_required: false } => {
                format!("field::write_implicit::<{codec}, _>({key}, &self.{name}, w)?;")
            }
            Place::Bare { name, is_required: true } => {
                format!("field::write::<{codec}, _>({key}, &self.{name}, w)?;")
            }
            Place::Optional { name } => {
                format!("field::write_optional::<{codec}, _>({key}, self.{name}.as_ref(), w)?;")
            }
            Place::List { name } => {
                format!("field::write_list::<{codec}, _>({key}, &self.{name}, w)?;")
            }
            Place::Map { name, .. } => {
                format!("field::write_map::<{codec}, _, _>({key}, self.{name}.iter(), w)?;")
            }
            Place::Variant { name, variant } => format!(
                "if let Some({variant}(v)) = &self.{name} {{ \
                 field::write::<{codec}, _>({key}, v, w)?; }}"
            ),
        }
    }

    /// The expression that writes the field's value alone, for `response_body`.
    pub(super) fn write_value(&self) -> String {
        let Self { codec, .. } = self;
        let some_or_null = |value: String| {
            format!(
                "match {value} {{ Some(v) => <{codec} as Codec<_>>::write(v, w), _ => {{ w.null(); Ok(()) }} }}"
            )
        };
        match &self.place {
            Place::Bare { name, .. } => format!("<{codec} as Codec<_>>::write(&m.{name}, w)"),
            Place::Optional { name } => some_or_null(format!("&m.{name}")),
            Place::List { name } => format!("field::write_array::<{codec}, _>(&m.{name}, w)"),
            Place::Map { name, .. } => {
                format!("field::write_object::<{codec}, _, _>(m.{name}.iter(), w)")
            }
            Place::Variant { name, variant } => some_or_null(format!(
                "(match &m.{name} {{ Some({variant}(v)) => Some(v), _ => None }})"
            )),
        }
    }

    /// The arm that reads the field.
    pub(super) fn read(&self) -> String {
        let Self { index, codec, .. } = self;
        let read = format!("<{codec} as Codec<_>>::read(r)?");
        let action = match &self.place {
            Place::Bare { name, .. } => format!("self.{name} = {read}"),
            Place::Optional { name } => format!("self.{name} = Some({read})"),
            Place::List { name } => format!("field::read_list::<{codec}, _>(&mut self.{name}, r)?"),
            Place::Map { name, key } => format!(
                "field::read_map::<{key}, {codec}, _, _>(r, |k, v| self.{name}.insert(k, v))?"
            ),
            Place::Variant { name, variant } => format!("self.{name} = Some({variant}({read}))"),
        };
        format!("{index} => {action},")
    }

    /// The arm that sets the field from a parameter, if that can be.
    pub(super) fn set(&self) -> Option<String> {
        let Self { index, codec, .. } = self;
        let parse = format!("<{codec} as Codec<_>>::parse(text)?");
        match (&self.reach, &self.place) {
            (Reach::Opaque, _) | (_, Place::Map { .. }) => None,
            (Reach::Text, place) => {
                let action = match place {
                    Place::Bare { name, .. } | Place::Map { name, .. } => {
                        format!("self.{name} = {parse}")
                    }
                    Place::Optional { name } => format!("self.{name} = Some({parse})"),
                    Place::List { name } => format!("self.{name}.push({parse})"),
                    Place::Variant { name, variant } => {
                        format!("self.{name} = Some({variant}({parse}))")
                    }
                };
                Some(format!("[{index}] => {action},"))
            }
            (Reach::Message(_), place) => {
                let action = match place {
                    Place::Bare { name, .. } | Place::Map { name, .. } | Place::List { name } => {
                        format!("self.{name}.set_param(rest, text)?")
                    }
                    Place::Optional { name } => {
                        format!("self.{name}.get_or_insert_default().set_param(rest, text)?")
                    }
                    Place::Variant { name, variant } => format!(
                        "{{ if !matches!(self.{name}, Some({variant}(_))) {{ \
                         self.{name} = Some({variant}(Default::default())); }} \
                         if let Some({variant}(v)) = &mut self.{name} {{ \
                         v.set_param(rest, text)?; }} }}"
                    ),
                };
                Some(format!("[{index}, rest @ ..] => {action},"))
            }
        }
    }

    /// The arm that gives the field's text, if it is a string or leads to one.
    pub(super) fn text(&self) -> Option<String> {
        let index = self.index;
        match (&self.reach, &self.place) {
            (Reach::Text, Place::Bare { name, .. }) if self.is_string => {
                Some(format!("[{index}] => Some(&self.{name}),"))
            }
            (Reach::Text, Place::Optional { name }) if self.is_string => {
                Some(format!("[{index}] => self.{name}.as_deref(),"))
            }
            (Reach::Message(_), Place::Optional { name }) => {
                Some(format!("[{index}, rest @ ..] => self.{name}.as_ref()?.text(rest),"))
            }
            _ => None,
        }
    }
}

/// The key of a field as JSON with its colon, as a Rust literal.
pub(super) fn key(field: &FieldDescriptor) -> String {
    let json = serde_json::Value::from(field.json_name()).to_string() + ":";
    format!("{json:?}")
}

fn place(names: &Names, field: &FieldDescriptor) -> Place {
    let name = names::snake(field.name());
    if let Some(oneof) = types::real_oneof(field) {
        let variant = format!("{}::{}", names.oneof(&oneof), names::camel(field.name()));
        return Place::Variant { name: names::snake(oneof.name()), variant };
    }
    match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            Place::Map { name, key: types::codec(names, &entry.map_entry_key_field().kind()) }
        }
        _ if field.is_list() => Place::List { name },
        _ if field.is_required() => Place::Bare { name, is_required: true },
        _ if field.supports_presence() => Place::Optional { name },
        _ => Place::Bare { name, is_required: false },
    }
}
