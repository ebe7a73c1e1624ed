//! The path templates of `google.api.http`.
//!
//! ```text
//! Template  = "/" Segments [ ":" LITERAL ] ;
//! Segments  = Segment { "/" Segment } ;
//! Segment   = "*" | "**" | LITERAL | Variable ;
//! Variable  = "{" FieldPath [ "=" Segments ] "}" ;
//! FieldPath = IDENT { "." IDENT } ;
//! ```
//!
//! `**` stands last, and a variable stands in no other, as `google/api/http.proto` says. What a LITERAL
//! cannot hold as it is, it holds percent-encoded.

use std::fmt;

use crate::percent;

/// A template, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The segments, those inside of variables included.
    pub segments: Vec<Part>,
    /// The verb after the last colon.
    pub verb: Option<String>,
    /// The variables.
    pub variables: Vec<Variable>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// This text, decoded.
    Literal(String),
    /// `*`.
    Any,
    /// `**`.
    Rest,
}

/// A variable and the run of segments that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The field path, `user.name`.
    pub field: String,
    /// The first segment.
    pub start: usize,
    /// The segment after the last.
    pub end: usize,
    /// Whether it can take more than one segment.
    pub is_multi: bool,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The byte at which it ceases to be one.
    pub at: usize,
    /// What is wrong there.
    pub description: &'static str,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} of the path template", self.description, self.at)
    }
}

impl std::error::Error for TemplateError {}

/// Parses a template.
pub fn parse(text: &str) -> Result<Template, TemplateError> {
    let template = Template { segments: Vec::new(), verb: None, variables: Vec::new() };
    let mut parser = Parser { text, at: 0, template };
    parser.expect('/', "a template begins with a slash")?;
    parser.segments(false)?;
    if parser.takes(':') {
        parser.template.verb = Some(parser.literal()?);
    }
    if parser.at < text.len() {
        return Err(parser.error("unexpected character"));
    }
    Ok(parser.template)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    template: Template,
}

impl<'t> Parser<'t> {
    fn error(&self, description: &'static str) -> TemplateError {
        TemplateError { at: self.at, description }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn takes(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn expect(&mut self, c: char, description: &'static str) -> Result<(), TemplateError> {
        if self.takes(c) { Ok(()) } else { Err(self.error(description)) }
    }

    fn segments(&mut self, is_inside: bool) -> Result<(), TemplateError> {
        loop {
            if self.template.segments.last() == Some(&Part::Rest) {
                return Err(self.error("nothing may follow `**`"));
            }
            self.segment(is_inside)?;
            if !self.takes('/') {
                return Ok(());
            }
        }
    }

    fn segment(&mut self, is_inside: bool) -> Result<(), TemplateError> {
        if self.rest().starts_with('{') {
            return if is_inside {
                Err(self.error("a variable stands inside of a variable"))
            } else {
                self.variable()
            };
        }
        let part = if self.takes('*') {
            if self.takes('*') { Part::Rest } else { Part::Any }
        } else {
            Part::Literal(self.literal()?)
        };
        self.template.segments.push(part);
        Ok(())
    }

    fn variable(&mut self) -> Result<(), TemplateError> {
        self.at += 1;
        let field = self.field_path()?.to_owned();
        if self.template.variables.iter().any(|other| other.field == field) {
            return Err(self.error("a field stands in two variables"));
        }
        let start = self.template.segments.len();
        if self.takes('=') {
            self.segments(true)?;
        } else {
            self.template.segments.push(Part::Any);
        }
        self.expect('}', "a variable is not closed")?;
        let end = self.template.segments.len();
        let is_multi = end - start > 1 || self.template.segments.last() == Some(&Part::Rest);
        self.template.variables.push(Variable { field, start, end, is_multi });
        Ok(())
    }

    fn field_path(&mut self) -> Result<&'t str, TemplateError> {
        let path = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let is_ident =
            |ident: &str| ident.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if path.split('.').all(is_ident) {
            Ok(path)
        } else {
            Err(self.error("a variable has no field path"))
        }
    }

    fn literal(&mut self) -> Result<String, TemplateError> {
        let literal =
            self.take_while(|c| c.is_ascii_alphanumeric() || "-._~!$&'()+,;@%".contains(c));
        if literal.is_empty() {
            return Err(self.error("expected a segment"));
        }
        match percent::decode(literal, false) {
            Some(text) => Ok(text.into_owned()),
            None => Err(self.error("a malformed escape")),
        }
    }

    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !accepts(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Shape = (String, Option<String>, Vec<(String, usize, usize, bool)>);

    fn shape(text: &str) -> Shape {
        let template = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let segments: Vec<_> = template
            .segments
            .iter()
            .map(|part| match part {
                Part::Literal(literal) => literal.as_str(),
                Part::Any => "*",
                Part::Rest => "**",
            })
            .collect();
        let variables =
            template.variables.into_iter().map(|v| (v.field, v.start, v.end, v.is_multi)).collect();
        (segments.join("/"), template.verb, variables)
    }

    #[test]
    fn every_form_of_the_grammar_is_read() {
        for (text, segments, verb, variables) in [
            ("/v1/users", "v1/users", None, vec![]),
            ("/.well-known/jwks.json", ".well-known/jwks.json", None, vec![]),
            ("/v1/users:batchGet", "v1/users", Some("batchGet"), vec![]),
            ("/v1/a%20%C3%A9:b%3Ac", "v1/a é", Some("b:c"), vec![]),
            ("/v1/*/x/**", "v1/*/x/**", None, vec![]),
            ("/v1/{id}", "v1/*", None, vec![("id", 1, 2, false)]),
            ("/v1/{id=*}:go", "v1/*", Some("go"), vec![("id", 1, 2, false)]),
            ("/v1/{name=users/*}", "v1/users/*", None, vec![("name", 1, 3, true)]),
            (
                "/v1/{user.name=users/*}/e/{event.id}",
                "v1/users/*/e/*",
                None,
                vec![("user.name", 1, 3, true), ("event.id", 4, 5, false)],
            ),
            ("/{path=**}", "**", None, vec![("path", 0, 1, true)]),
            ("/v1/{path=files/**}:read", "v1/files/**", Some("read"), vec![("path", 1, 3, true)]),
        ] {
            let variables: Vec<_> =
                variables.into_iter().map(|(f, s, e, m)| (f.to_owned(), s, e, m)).collect();
            assert_eq!(
                shape(text),
                (segments.to_owned(), verb.map(str::to_owned), variables),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_outside_the_grammar_is_refused() {
        for text in [
            "",
            "v1",
            "/",
            "//",
            "/v1/",
            "/v1//x",
            "/v1:",
            "/v1:a:b",
            "/a:b/c",
            "/{x",
            "/{}",
            "/{x=}",
            "/{x={y}}",
            "/{x.}",
            "/{.x}",
            "/{1x}",
            "/**/x",
            "/{x=**}/y",
            "/{x}{y}",
            "/a*",
            "/***",
            "/{x}/{x}",
            "/a b",
            "/a%2",
            "/a%ff",
            "/{x=a/}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[/{}=*:.a-c%0-9é_-]{0,24}") {
            let _ = parse(&text);
        }
    }
}
