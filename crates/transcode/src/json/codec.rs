//! How one value of each proto type is written and read.

use std::marker::PhantomData;

use super::number::{self, NumberError};
use super::{JsonReader, JsonWriter, ParamError, ProtoJson, ReadError, WriteError, bytes};

/// The JSON form of a proto type that Rust holds as `T`.
pub trait Codec<T> {
    /// Whether `null` is one of the values.
    const TAKES_NULL: bool = false;

    /// Appends the value.
    fn write(value: &T, writer: &mut JsonWriter<'_>) -> Result<(), WriteError>;

    /// Reads a value.
    fn read(reader: &mut JsonReader<'_>) -> Result<T, ReadError>;

    /// Reads a path or query parameter, or a key of a map.
    fn parse(text: &str) -> Result<T, ParamError>;

    /// Whether a field without presence is left out with this value.
    fn is_default(_value: &T) -> bool {
        false
    }
}

macro_rules! integer {
    ($codec:ident, $type:ident, $must:literal, $range:literal, $write:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $codec;

        impl Codec<$type> for $codec {
            fn write(value: &$type, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
                writer.$write(*value);
                Ok(())
            }

            fn read(reader: &mut JsonReader<'_>) -> Result<$type, ReadError> {
                Ok(Self::parse(&reader.number_or_string($must)?)?)
            }

            fn parse(text: &str) -> Result<$type, ParamError> {
                number::integer(text).map_err(|error| match error {
                    NumberError::Kind => ParamError::new($must),
                    NumberError::Range => ParamError::new($range),
                })
            }

            fn is_default(value: &$type) -> bool {
                *value == 0
            }
        }
    };
}

integer!(Int32, i32, "must be an integer", "must fit in 32 bits", integer, "`int32` and its kin.");
integer!(
    Int64,
    i64,
    "must be an integer",
    "must fit in 64 bits",
    quoted_integer,
    "`int64` and its kin."
);
integer!(
    UInt32,
    u32,
    "must be an integer",
    "must be from 0 to 4294967295",
    integer,
    "`uint32` and its kin."
);
integer!(
    UInt64,
    u64,
    "must be an integer",
    "must be from 0 to 18446744073709551615",
    quoted_integer,
    "`uint64` and its kin."
);

macro_rules! real {
    ($codec:ident, $type:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $codec;

        impl Codec<$type> for $codec {
            fn write(value: &$type, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
                if value.is_finite() {
                    writer.float(format_args!("{value:?}"));
                } else if value.is_nan() {
                    writer.raw("\"NaN\"");
                } else {
                    writer.raw(if *value > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" });
                }
                Ok(())
            }

            fn read(reader: &mut JsonReader<'_>) -> Result<$type, ReadError> {
                Ok(Self::parse(&reader.number_or_string("must be a number")?)?)
            }

            fn parse(text: &str) -> Result<$type, ParamError> {
                number::real_or_word(text).map_err(|error| match error {
                    NumberError::Kind => ParamError::new("must be a number"),
                    NumberError::Range => ParamError::new("is too large"),
                })
            }

            fn is_default(value: &$type) -> bool {
                // Minus zero is a value of its own.
                value.to_bits() == 0
            }
        }
    };
}

real!(Float, f32, "`float`.");
real!(Double, f64, "`double`.");

/// `bool`.
#[derive(Debug)]
pub struct Bool;

impl Codec<bool> for Bool {
    fn write(value: &bool, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.bool(*value);
        Ok(())
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<bool, ReadError> {
        reader.bool()
    }

    fn parse(text: &str) -> Result<bool, ParamError> {
        text.parse().map_err(|_| ParamError::new("must be true or false"))
    }

    fn is_default(value: &bool) -> bool {
        !value
    }
}

/// `string`.
#[derive(Debug)]
pub struct Text;

impl Codec<String> for Text {
    fn write(value: &String, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.string(value);
        Ok(())
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<String, ReadError> {
        reader.string().map(std::borrow::Cow::into_owned)
    }

    fn parse(text: &str) -> Result<String, ParamError> {
        Ok(text.to_owned())
    }

    fn is_default(value: &String) -> bool {
        value.is_empty()
    }
}

const BASE64: &str = "must be base64";

pub(super) fn no_base64() -> ReadError {
    ReadError::value(BASE64)
}

/// `bytes`: base64, either alphabet and either padding in, the standard ones out.
#[derive(Debug)]
pub struct Bytes;

impl<B: AsRef<[u8]> + From<Vec<u8>>> Codec<B> for Bytes {
    fn write(value: &B, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.append(|out| bytes::encode(value.as_ref(), out));
        Ok(())
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<B, ReadError> {
        Ok(Self::parse(&reader.string()?)?)
    }

    fn parse(text: &str) -> Result<B, ParamError> {
        bytes::decode(text).map(B::from).ok_or_else(|| ParamError::new(BASE64))
    }

    fn is_default(value: &B) -> bool {
        value.as_ref().is_empty()
    }
}

/// The names of an enum's values.
#[derive(Debug)]
pub struct EnumInfo {
    /// The full name, `artisan.user.v1.User.State`.
    pub name: &'static str,
    /// Name and number of each value, aliases after the name that is written.
    pub values: &'static [(&'static str, i32)],
}

/// A generated enum.
pub trait ProtoEnum {
    /// Its values.
    const INFO: &'static EnumInfo;
}

/// An enum: its value's name out; name or number in. Unknown numbers are kept.
#[derive(Debug)]
pub struct Enum<E>(PhantomData<E>);

impl<E: ProtoEnum> Codec<i32> for Enum<E> {
    fn write(value: &i32, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        write_enum(E::INFO, *value, writer);
        Ok(())
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<i32, ReadError> {
        read_enum(E::INFO, reader)
    }

    fn parse(text: &str) -> Result<i32, ParamError> {
        enum_by_name(E::INFO, text).or_else(|error| Int32::parse(text).map_err(|_| error))
    }

    fn is_default(value: &i32) -> bool {
        *value == 0
    }
}

pub(super) fn write_enum(info: &EnumInfo, value: i32, writer: &mut JsonWriter<'_>) {
    match info.values.iter().find(|(_, number)| *number == value) {
        Some((name, _)) => writer.name(name),
        None => writer.integer(value),
    }
}

pub(super) fn read_enum(info: &EnumInfo, reader: &mut JsonReader<'_>) -> Result<i32, ReadError> {
    match reader.peek() {
        Some(b'"') => enum_by_name(info, &reader.string()?).map_err(ReadError::unknown_name),
        Some(b'-' | b'0'..=b'9') => Int32::read(reader),
        _ => Err(reader.mismatch("must be the name of a value")),
    }
}

fn enum_by_name(info: &EnumInfo, text: &str) -> Result<i32, ParamError> {
    if let Some((_, number)) = info.values.iter().find(|(name, _)| *name == text) {
        return Ok(*number);
    }
    let all = info.values.iter().filter(|(_, number)| *number != 0);
    let names: Vec<_> = all.map(|(name, _)| *name).collect();
    Err(ParamError::new(format!("must be one of {}", names.join(", "))))
}

/// `google.protobuf.NullValue`.
#[derive(Debug)]
pub struct Null;

impl Codec<i32> for Null {
    const TAKES_NULL: bool = true;

    fn write(_value: &i32, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.null();
        Ok(())
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<i32, ReadError> {
        if reader.null() {
            return Ok(0);
        }
        match reader.peek() {
            Some(b'"') => Ok(Self::parse(&reader.string()?)?),
            Some(b'-' | b'0'..=b'9') => Int32::read(reader),
            _ => Err(reader.mismatch("must be null")),
        }
    }

    fn parse(text: &str) -> Result<i32, ParamError> {
        match text {
            "NULL_VALUE" | "null" | "0" => Ok(0),
            _ => Err(ParamError::new("must be null")),
        }
    }

    fn is_default(value: &i32) -> bool {
        *value == 0
    }
}

/// A message.
#[derive(Debug)]
pub struct Msg;

impl<M: ProtoJson + Default> Codec<M> for Msg {
    fn write(value: &M, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        value.write_json(writer)
    }

    fn read(reader: &mut JsonReader<'_>) -> Result<M, ReadError> {
        let mut message = M::default();
        message.merge_json(reader)?;
        Ok(message)
    }

    fn parse(text: &str) -> Result<M, ParamError> {
        M::from_param(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write<C: Codec<T>, T>(value: &T) -> String {
        let mut out = Vec::new();
        C::write(value, &mut JsonWriter::new(&mut out, &[])).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn read<C: Codec<T>, T>(json: &str) -> Result<T, String> {
        let mut reader = JsonReader::new(json.as_bytes(), &[]).unwrap();
        C::read(&mut reader).map_err(|error| error.to_string())
    }

    #[test]
    fn wide_integers_are_strings_and_narrow_ones_numbers() {
        assert_eq!(write::<Int64, _>(&i64::MIN), "\"-9223372036854775808\"");
        assert_eq!(write::<UInt64, _>(&u64::MAX), "\"18446744073709551615\"");
        assert_eq!(write::<Int32, _>(&-1), "-1");
        assert_eq!(write::<UInt32, _>(&u32::MAX), "4294967295");
        for json in ["\"12\"", "12", "12.0", "1.2e1", "\"1.2e1\""] {
            assert_eq!(read::<Int64, _>(json), Ok(12), "{json}");
            assert_eq!(read::<UInt32, _>(json), Ok(12), "{json}");
        }
        for json in ["\"\"", "\" 1\"", "\"x\"", "1.5", "true", "null", "[1]"] {
            assert_eq!(read::<Int32, _>(json), Err("the value must be an integer".to_owned()));
        }
    }

    #[test]
    fn reals_keep_their_value_and_the_three_words() {
        for (value, json) in [
            (0.1, "0.1"),
            (1.0, "1"),
            (-0.0, "-0"),
            (1e300, "1e300"),
            (1.5e-9, "1.5e-9"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::INFINITY, "\"Infinity\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ] {
            assert_eq!(write::<Double, _>(&value), json);
            assert_eq!(read::<Double, _>(json).map(f64::to_bits), Ok(value.to_bits()));
        }
        assert_eq!(write::<Float, _>(&f32::NAN), "\"NaN\"");
        assert!(!<Double as Codec<f64>>::is_default(&-0.0));
    }

    enum Color {}

    impl ProtoEnum for Color {
        const INFO: &'static EnumInfo = &EnumInfo {
            name: "Color",
            values: &[("COLOR_UNSPECIFIED", 0), ("RED", 1), ("CRIMSON", 1)],
        };
    }

    #[test]
    fn enums_are_names_and_unknown_numbers_are_kept() {
        assert_eq!(write::<Enum<Color>, _>(&1), "\"RED\"");
        assert_eq!(write::<Enum<Color>, _>(&77), "77");
        for (json, number) in [("\"RED\"", 1), ("\"CRIMSON\"", 1), ("1", 1), ("-77", -77)] {
            assert_eq!(read::<Enum<Color>, _>(json), Ok(number));
        }
        assert_eq!(
            read::<Enum<Color>, _>("\"red\""),
            Err("the value must be one of RED, CRIMSON".to_owned())
        );
        assert_eq!(Enum::<Color>::parse("1"), Ok(1));
        assert!(Enum::<Color>::parse("blue").is_err());
    }

    #[test]
    fn strings_and_bools_are_nothing_else() {
        assert_eq!(read::<Bool, _>("true"), Ok(true));
        assert!(read::<Bool, _>("\"true\"").is_err());
        assert!(read::<Bool, _>("1").is_err());
        assert!(read::<Text, _>("1").is_err());
        assert_eq!(read::<Bytes, Vec<u8>>("\"-_8\""), Ok(vec![0xfb, 0xff]));
        assert_eq!(read::<Bytes, Vec<u8>>("\"*\""), Err("the value must be base64".to_owned()));
    }
}
