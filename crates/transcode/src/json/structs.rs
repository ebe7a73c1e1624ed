//! `google.protobuf.Struct`, `Value` and `ListValue`: free-form JSON.

use std::collections::BTreeMap;

use prost_types::value::Kind;
use prost_types::{ListValue, Struct, Value};

use super::codec::{Codec, Double, Msg, Text};
use super::{JsonReader, JsonWriter, ProtoJson, ReadError, WriteError, field};

/// `google.protobuf.Value` takes `null` as a value.
#[derive(Debug)]
pub struct Free;

impl Codec<Value> for Free {
    const TAKES_NULL: bool = true;

    fn write(value: &Value, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        value.write_json(writer)
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<Value, ReadError> {
        Msg::read(reader)
    }

    fn parse(text: &str) -> Result<Value, super::ParamError> {
        Msg::parse(text)
    }
}

impl ProtoJson for Struct {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        field::write_object::<Free, _, _>(self.fields.iter(), writer)
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        read_fields(&mut self.fields, reader)
    }
}

fn read_fields(
    fields: &mut BTreeMap<String, Value>,
    reader: &mut JsonReader<'_>,
) -> Result<(), ReadError> {
    field::read_map::<Text, Free, _, _>(reader, |key, value| fields.insert(key, value))
}

impl ProtoJson for ListValue {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        field::write_array::<Free, _>(&self.values, writer)
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        field::read_list::<Free, _>(&mut self.values, reader)
    }
}

impl ProtoJson for Value {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        match &self.kind {
            None | Some(Kind::NullValue(_)) => writer.null(),
            Some(Kind::NumberValue(number)) if !number.is_finite() => {
                return Err(WriteError::NotFinite);
            }
            Some(Kind::NumberValue(number)) => Double::write(number, writer)?,
            Some(Kind::StringValue(text)) => writer.string(text),
            Some(Kind::BoolValue(value)) => writer.bool(*value),
            Some(Kind::StructValue(object)) => object.write_json(writer)?,
            Some(Kind::ListValue(list)) => list.write_json(writer)?,
        }
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        self.kind = Some(match reader.peek() {
            Some(b'{') => Kind::StructValue(Msg::read(reader)?),
            Some(b'[') => Kind::ListValue(Msg::read(reader)?),
            Some(b'"') => Kind::StringValue(Text::read(reader)?),
            Some(b'-' | b'0'..=b'9') => Kind::NumberValue(Double::read(reader)?),
            _ if reader.null() => Kind::NullValue(0),
            _ => Kind::BoolValue(reader.bool()?),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{from_slice, to_vec};
    use super::*;

    #[test]
    fn free_form_values_come_back_as_they_were() {
        let json = r#"{"a":[1,-2.5,1e300,"x",true,null,{}],"b":{"c":null}}"#;
        let value: Struct = from_slice(json.as_bytes(), &[]).unwrap();
        assert_eq!(String::from_utf8(to_vec(&value, &[]).unwrap()).unwrap(), json);
    }

    #[test]
    fn numbers_that_are_not_finite_have_no_form() {
        let value = Value { kind: Some(Kind::NumberValue(f64::NAN)) };
        assert_eq!(to_vec(&value, &[]), Err(WriteError::NotFinite));
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        let error = from_slice::<Struct>(br#"{"a":1,"a":1}"#, &[]).unwrap_err();
        assert_eq!(error.to_string(), "[a] is given twice");
    }
}
