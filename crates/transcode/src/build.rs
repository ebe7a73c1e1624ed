//! The generator, for build scripts.
//!
//! It takes an encoded `FileDescriptorSet` that keeps extensions and source information (protox does
//! both) and writes Rust for the code that `prost-build` makes of the same set.

mod annotations;
mod comments;
mod error;
mod fields;
mod messages;
mod names;
mod openapi;
mod paths;
mod routes;
mod types;

use prost_reflect::{DescriptorPool, FileDescriptor, MessageDescriptor};

pub use error::BuildError;

/// What to generate, and how.
#[derive(Debug)]
pub struct Generator {
    pool: DescriptorPool,
    module: String,
    skipped: Vec<String>,
    public: Vec<String>,
    title: String,
    version: String,
    info: Vec<(&'static str, String)>,
    formats: Vec<(String, String)>,
}

/// What was generated.
#[derive(Debug)]
pub struct Output {
    /// Rust to include in a module of its own: `ROUTES`, `TYPES` and the messages' JSON.
    pub rust: String,
    /// The `OpenAPI` 3.1 document.
    pub openapi: String,
}

impl Generator {
    /// A generator for an encoded `FileDescriptorSet`.
    pub fn new(file_descriptor_set: &[u8]) -> Result<Self, BuildError> {
        Ok(Self {
            pool: DescriptorPool::decode(file_descriptor_set)?,
            module: "crate".to_owned(),
            skipped: vec!["google.protobuf".to_owned()],
            public: Vec::new(),
            title: "API".to_owned(),
            version: "0.0.0".to_owned(),
            info: Vec::new(),
            formats: Vec::new(),
        })
    }

    /// The Rust module that holds the packages' modules. `crate` if not said.
    #[must_use]
    pub fn module(mut self, path: &str) -> Self {
        path.clone_into(&mut self.module);
        self
    }

    /// Leaves a package out for which no messages are generated.
    #[must_use]
    pub fn skip_package(mut self, package: &str) -> Self {
        self.skipped.push(package.to_owned());
        self
    }

    /// Says which methods ask for no credentials, by their full names: `shop.v1.Carts.GetCart`.
    #[must_use]
    pub fn public_methods(mut self, methods: &[&str]) -> Self {
        self.public.extend(methods.iter().map(ToString::to_string));
        self
    }

    /// A format that comments may name (``Format: `line`.``) and JSON Schema does not know: the pattern of its
    /// texts, by ECMA-262.
    #[must_use]
    pub fn format(mut self, name: &str, pattern: &str) -> Self {
        self.formats.push((name.to_owned(), pattern.to_owned()));
        self
    }

    /// The title and version of the `OpenAPI` document.
    #[must_use]
    pub fn title(mut self, title: &str, version: &str) -> Self {
        title.clone_into(&mut self.title);
        version.clone_into(&mut self.version);
        self
    }

    /// What the `OpenAPI` document says of the whole API (`CommonMark`).
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.info.push(("description", text.to_owned()));
        self
    }

    /// The licence of the API, as an SPDX expression.
    #[must_use]
    pub fn license(mut self, spdx: &str) -> Self {
        self.info.push(("license", spdx.to_owned()));
        self
    }

    /// Who answers for the API.
    #[must_use]
    pub fn contact(mut self, name: &str) -> Self {
        self.info.push(("contact", name.to_owned()));
        self
    }

    /// Generates everything.
    pub fn generate(&self) -> Result<Output, BuildError> {
        let rules = annotations::bindings(&self.pool)?;
        for method in &self.public {
            if !rules.iter().any(|binding| binding.method.full_name() == method) {
                return Err(BuildError::new(method, "is not a method with an HTTP binding"));
            }
        }
        let messages = self.messages();
        let names = names::Names::new(&self.module, &messages);
        let mut rust = messages::generate(&names, &messages, &self.enums())?;
        rust.push_str(&routes::generate(&names, &rules)?);
        Ok(Output { rust, openapi: openapi::generate(self, &rules)? })
    }

    fn files(&self) -> impl Iterator<Item = FileDescriptor> {
        self.pool
            .files()
            .filter(|file| !self.skipped.iter().any(|name| name == file.package_name()))
    }

    /// All messages, map entries left out, in the order of the files.
    fn messages(&self) -> Vec<MessageDescriptor> {
        fn add(message: &MessageDescriptor, all: &mut Vec<MessageDescriptor>) {
            if message.is_map_entry() {
                return;
            }
            all.push(message.clone());
            message.child_messages().for_each(|child| add(&child, all));
        }
        let mut all = Vec::new();
        self.files().for_each(|file| file.messages().for_each(|message| add(&message, &mut all)));
        all
    }

    fn enums(&self) -> Vec<prost_reflect::EnumDescriptor> {
        let nested = self.messages().into_iter().flat_map(|message| {
            let inside: Vec<_> = message.child_enums().collect();
            inside
        });
        let top: Vec<_> = self.files().flat_map(|file| file.enums().collect::<Vec<_>>()).collect();
        top.into_iter().chain(nested).collect()
    }
}
