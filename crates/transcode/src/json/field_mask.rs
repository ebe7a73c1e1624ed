use prost_types::FieldMask;

use super::{JsonReader, JsonWriter, ParamError, ProtoJson, ReadError, WriteError};

/// One string of comma-separated paths in lowerCamelCase.
impl ProtoJson for FieldMask {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        let mut joined = String::new();
        for (at, path) in self.paths.iter().enumerate() {
            if at > 0 {
                joined.push(',');
            }
            push_camel(path, &mut joined).ok_or(WriteError::FieldMask)?;
        }
        writer.string(&joined);
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        let joined = reader.string_or("must be a string of field paths with commas between")?;
        if joined.contains('_') {
            return Err(ReadError::value("must have its paths in lowerCamelCase"));
        }
        *self = Self::from_param(&joined)?;
        Ok(())
    }

    /// In a parameter, `store_name` is as good as `storeName`.
    fn from_param(text: &str) -> Result<Self, ParamError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let paths: Vec<String> = text.split(',').map(to_snake).collect();
        if paths.iter().any(String::is_empty) {
            return Err(ParamError::new("has an empty path"));
        }
        Ok(Self { paths })
    }
}

/// Appends a path in camel case, if that leads back to the same path.
fn push_camel(path: &str, out: &mut String) -> Option<()> {
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '_' => {
                let next = chars.next().filter(char::is_ascii_lowercase)?;
                out.push(next.to_ascii_uppercase());
            }
            upper if upper.is_ascii_uppercase() => return None,
            other => out.push(other),
        }
    }
    Some(())
}

fn to_snake(path: &str) -> String {
    if !path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return path.to_owned();
    }
    let mut snake = String::with_capacity(path.len() + 4);
    for c in path.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::super::{from_slice, to_vec};
    use super::*;

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask { paths: paths.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn a_mask_is_one_string_both_ways() {
        for (paths, json) in [
            (&["email", "artisan.store_name"][..], r#""email,artisan.storeName""#),
            (&["*"], r#""*""#),
            (&[], r#""""#),
        ] {
            assert_eq!(to_vec(&mask(paths), &[]).unwrap(), json.as_bytes());
            assert_eq!(from_slice::<FieldMask>(json.as_bytes(), &[]).unwrap(), mask(paths));
        }
    }

    #[test]
    fn paths_that_would_not_come_back_are_not_written() {
        for path in ["fooBar", "foo_3_bar", "foo__bar", "foo_"] {
            assert_eq!(to_vec(&mask(&[path]), &[]), Err(WriteError::FieldMask), "{path}");
        }
    }

    #[test]
    fn json_has_camel_case_only_and_parameters_have_both() {
        assert!(from_slice::<FieldMask>(br#""store_name""#, &[]).is_err());
        assert!(from_slice::<FieldMask>(br#"{"paths":["a"]}"#, &[]).is_err());
        assert_eq!(
            FieldMask::from_param("store_name,zipCode"),
            Ok(mask(&["store_name", "zip_code"]))
        );
        assert!(FieldMask::from_param("a,,b").is_err());
    }
}
