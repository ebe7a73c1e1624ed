//! Values that a cast of the server's would cut, or that no cast back would find again.

use super::{Conversion, FAMILIES, Form, form, is_text, is_widening};
use crate::catalog::postgres::names::literal;

/// How the text of an array begins, as a regular expression.
const LITERAL: &str = "'^([{]|[[]-?[0-9]+:)'";

impl Conversion<'_> {
    /// The expression for values that a cast would cut, as to `name`, or mistake, as backslashes of a text for those
    /// of bytes.
    pub(in crate::ddl::postgres) fn kept(
        &self,
        old: &str,
        new: &str,
        target: &str,
    ) -> Option<String> {
        let (from, to) = (form(old), form(new));
        if from.is_array != to.is_array || from.name == to.name {
            return None;
        }
        let column = self.column;
        let array = if from.is_array { "[]" } else { "" };
        let text = match from.name.as_str() {
            "text" | "character varying" | "name" => column.to_owned(),
            "bytea" if self.is_of_utf8(&from, &to) => format!("convert_from({column}, 'UTF8')"),
            _ => format!("{column}::text{array}"),
        };
        if is_cut(&from, &to) {
            return Some(refused_if_cut(&text, target));
        }
        // The server's own cast makes a NUL of the empty one.
        if from.name == "\"char\"" && to.name == "character" {
            return Some(text);
        }
        self.is_of_utf8(&from, &to).then(|| match (from.name.as_str(), to.name.as_str()) {
            ("bytea", to) if is_text(to) => text,
            ("bytea", _) => format!("{text}::{target}"),
            _ => format!("convert_to({text}, 'UTF8')"),
        })
    }

    /// Whether bytes are those of a text in UTF-8: where a text became bytes, and goes back. Bytes that become a text
    /// are written as the server does, for not all of them are one in UTF-8.
    fn is_of_utf8(&self, from: &Form, to: &Form) -> bool {
        let bytes = if self.is_way_back { from } else { to };
        bytes.name == "bytea" && !from.is_array && self.cast(from, to).is_none()
    }

    /// One value as an array.
    pub(super) fn array_of_one(&self, from: &Form, to: &Form, target: &str) -> String {
        let column = self.column;
        let is_cut = is_cut(from, to);
        let target_of = if is_cut { "text[]" } else { target };
        let is_direct = self.cast(from, to).is_some() && !is_cut;
        let value = if is_direct { column.to_owned() } else { format!("{column}::text") };
        let literal = if self.is_way_back && is_written_out(to, from) {
            format!("WHEN {column} ~ {LITERAL} THEN {column}::{target_of} ")
        } else {
            String::new()
        };
        let array =
            format!("CASE {literal}WHEN {column} IS NOT NULL THEN ARRAY[{value}]::{target_of} END");
        if is_cut { refused_if_cut(&format!("({array})"), target) } else { array }
    }

    /// The one value of an array. Of several, or of another shape, a text has the array's, and any other type refuses
    /// that.
    pub(super) fn out_of_array(&self, from: &Form, to: &Form, target: &str) -> String {
        let column = self.column;
        if is_text(&to.name) && !self.is_way_back && is_written_out(from, to) {
            // What reads as the text of an array is that of one on the way back.
            return format!(
                "CASE WHEN array_dims({column}) = '[1:1]' AND {column}[1]::text !~ {LITERAL} THEN {column}[1]::text \
                 ELSE {column}::text END"
            );
        }
        let is_cut = is_cut(from, to);
        if self.cast(from, to).is_some() && !is_text(&to.name) && !is_cut {
            return format!(
                "CASE WHEN array_dims({column}) <> '[1:1]' THEN {column}::text::{target} ELSE \
                 {column}[1]::{target} END"
            );
        }
        let value = format!(
            "CASE WHEN array_dims({column}) <> '[1:1]' THEN {column}::text ELSE {column}[1]::text END"
        );
        if is_text(&to.name) {
            value
        } else if is_cut {
            refused_if_cut(&format!("({value})"), target)
        } else {
            format!("({value})::{target}")
        }
    }

    /// Whether every value of the old type is one of the new, and comes back where this is the way up.
    pub(in crate::ddl::postgres) fn is_widening(&self, old: &str, new: &str) -> bool {
        let (from, to) = (form(old), form(new));
        if from.is_array == to.is_array && self.is_of_utf8(&from, &to) {
            return !self.is_way_back;
        }
        if from.is_array && !to.is_array && !self.is_way_back && is_written_out(&from, &to) {
            return to.numbers.is_empty() && to.name != "character";
        }
        if to.is_array && !from.is_array && self.is_way_back && is_written_out(&to, &from) {
            return false;
        }
        is_widening(old, new)
    }
}

/// Whether a text may hold all of an array. Texts of JSON and of multiranges begin as those of arrays do.
fn is_written_out(array: &Form, text: &Form) -> bool {
    let element = array.name.as_str();
    is_text(&text.name) && !matches!(element, "json" | "jsonb") && !element.contains("multirange")
}

/// Whether the server cuts values down to the length of the new type, which no cast to it refuses.
fn is_cut(from: &Form, to: &Form) -> bool {
    let from = from.name.as_str();
    let is_number = FAMILIES.first().is_some_and(|numbers| numbers.contains(&from));
    match to.name.as_str() {
        _ if from == to.name => false,
        // A truth value is known by its first letter.
        "\"char\"" => from != "boolean" && !is_number,
        "name" => !matches!(from, "\"char\"" | "boolean" | "uuid") && !is_number,
        _ => false,
    }
}

/// A text as one of the new type; one that would be cut is refused, as no text is a truth value that begins so.
fn refused_if_cut(text: &str, target: &str) -> String {
    let refusal = literal(&format!("too long for {target}: "));
    format!(
        "CASE WHEN {text}::{target}::text COLLATE \"C\" <> {text}::text THEN ({refusal} || {text}::text)\
         ::boolean::text::{target} ELSE {text}::{target} END"
    )
}
