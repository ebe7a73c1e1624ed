//! The names that `prost-build` gives to things.

use std::collections::HashMap;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost_reflect::{EnumDescriptor, MessageDescriptor, OneofDescriptor};

/// Where the generated messages stand.
#[derive(Debug)]
pub(super) struct Names {
    module: String,
    indexes: HashMap<String, usize>,
}

impl Names {
    pub(super) fn new(module: &str, messages: &[MessageDescriptor]) -> Self {
        let indexes = messages
            .iter()
            .enumerate()
            .map(|(index, message)| (message.full_name().to_owned(), index))
            .collect();
        Self { module: module.to_owned(), indexes }
    }

    /// The static that describes a message.
    pub(super) fn info(&self, message: &MessageDescriptor) -> Option<String> {
        self.indexes.get(message.full_name()).map(|index| format!("INFO_{index}"))
    }

    /// The path of a message's struct.
    pub(super) fn message(&self, message: &MessageDescriptor) -> String {
        match message.full_name() {
            "google.protobuf.Empty" => "()".to_owned(),
            full_name => match full_name.strip_prefix("google.protobuf.") {
                Some(name) => format!("::prost_types::{name}"),
                None => self.nested(
                    message.package_name(),
                    message.parent_message().as_ref(),
                    message.name(),
                ),
            },
        }
    }

    /// The path of an enum.
    pub(super) fn enumeration(&self, enumeration: &EnumDescriptor) -> String {
        self.nested(
            enumeration.package_name(),
            enumeration.parent_message().as_ref(),
            enumeration.name(),
        )
    }

    /// The path of the enum that holds a oneof's members.
    pub(super) fn oneof(&self, oneof: &OneofDescriptor) -> String {
        let parent = oneof.parent_message();
        let camel = oneof.name().to_upper_camel_case();
        let is_taken = parent
            .child_messages()
            .map(|message| message.name().to_upper_camel_case())
            .chain(parent.child_enums().map(|item| item.name().to_upper_camel_case()))
            .any(|other| other == camel);
        let mut path = self.nested(parent.package_name(), Some(parent), oneof.name());
        if is_taken {
            path.push_str("OneOf");
        }
        path
    }

    fn nested(&self, package: &str, parent: Option<&MessageDescriptor>, name: &str) -> String {
        let mut modules = Vec::new();
        let mut next = parent.cloned();
        while let Some(message) = next {
            modules.push(ident(&message.name().to_snake_case()));
            next = message.parent_message();
        }
        let packages = package.split('.').filter(|part| !part.is_empty());
        let mut path = vec![self.module.clone()];
        path.extend(packages.map(|part| ident(&part.to_snake_case())));
        path.extend(modules.into_iter().rev());
        path.push(camel(name));
        path.join("::")
    }
}

/// The name of a type or variant.
pub(super) fn camel(name: &str) -> String {
    ident(&name.to_upper_camel_case())
}

/// The name of a field.
pub(super) fn snake(name: &str) -> String {
    ident(&name.to_snake_case())
}

/// Keywords of all editions that can be raw identifiers.
const KEYWORDS: [&str; 47] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
    "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

fn ident(name: &str) -> String {
    match name {
        "_" | "super" | "self" | "Self" | "extern" | "crate" => format!("{name}_"),
        keyword if KEYWORDS.contains(&keyword) => format!("r#{keyword}"),
        digits if digits.starts_with(char::is_numeric) => format!("_{digits}"),
        other => other.to_owned(),
    }
}
