use super::types::{Type, fits};
use crate::model::Column;

/// What is lost of the values of a column that is changed; `None` if all of them have room.
pub(super) fn of_change(table: &str, from: &Column, to: &Column) -> Option<String> {
    let column = format!("{table}.{}", to.name);
    match (&from.generated, &to.generated) {
        // What is computed is computed anew.
        (Some(_), Some(_)) => return None,
        (None, Some(_)) => {
            return Some(format!("the values of {column}, which are computed from now on"));
        }
        (Some(_) | None, None) => {}
    }
    let (old, new) = (Type::parse(&from.data_type), Type::parse(&to.data_type));
    if let (Some(before), Some(after)) = (old.values(), new.values()) {
        let removed: Vec<String> =
            before.into_iter().filter(|value| !after.contains(value)).collect();
        if !removed.is_empty() {
            return Some(format!("the values {} of {column}", removed.join(", ")));
        }
    } else if from.data_type != to.data_type && !fits(&old, &new) {
        return Some(format!("what of {column} has no room in {}", to.data_type));
    } else if let Some(lost) = old.reshapes(&new) {
        return Some(format!("of {column} {lost}"));
    }
    let (old, new) = (charset(from), charset(to));
    let is_wider = match (old, new) {
        (Some(old), Some(new)) => old == new || is_part_of(old, new),
        // What is no text before or after is a matter of the type.
        (Some(_) | None, None) | (None, Some(_)) => true,
    };
    let new = new.filter(|_| !is_wider);
    new.map(|new| format!("the characters of {column} that {new} lacks"))
}

/// What is lost with a column that is dropped: nothing of one that is computed.
pub(super) fn of_dropped(table: &str, column: &Column) -> Option<String> {
    column.generated.is_none().then(|| format!("the values of {table}.{}", column.name))
}

fn charset(column: &Column) -> Option<&str> {
    column.collation.as_deref().map(|name| name.split_once('_').map_or(name, |(set, _)| set))
}

/// Whether every character of one set is in the other.
fn is_part_of(old: &str, new: &str) -> bool {
    const UNICODE: [&str; 5] = ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"];
    let is_narrow =
        |name: &str| matches!(name, "ascii" | "latin1" | "latin2" | "latin5" | "latin7");
    UNICODE.contains(&new)
        || old == "ascii"
        || matches!(new, "utf8mb3" | "utf8" | "ucs2")
            && (is_narrow(old) || matches!(old, "utf8mb3" | "utf8" | "ucs2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(from: (&str, &str), to: (&str, &str)) -> Option<String> {
        let column = |(data_type, collation): (&str, &str)| Column {
            collation: Some(collation.to_owned()).filter(|name| !name.is_empty()),
            ..Column::new("c", data_type)
        };
        of_change("t", &column(from), &column(to))
    }

    #[test]
    fn values_that_go_are_named() {
        let lost = lost(("enum('a','b','c')", "x_bin"), ("enum('c','a')", "x_bin"));
        assert_eq!(lost.as_deref(), Some("the values 'b' of t.c"));
    }

    #[test]
    fn values_that_get_another_shape_are_told() {
        for (from, to, expected) in [
            ("varchar(9)", "char(9)", Some("of t.c the spaces at the end")),
            ("char(9)", "varchar(9)", None),
            ("varbinary(9)", "binary(9)", Some("of t.c the length, which zero bytes fill up")),
            ("binary(4)", "binary(9)", None),
            ("binary(9)", "varbinary(9)", None),
            ("char(2)", "binary(9)", Some("of t.c the length, which zero bytes fill up")),
            (
                "longtext",
                "json",
                Some(
                    "of t.c how it is written: spaces, the order of keys, keys that are there twice",
                ),
            ),
            ("json", "longtext", None),
            ("int", "json", None),
        ] {
            assert_eq!(lost((from, ""), (to, "")).as_deref(), expected, "{from} to {to}");
        }
    }

    #[test]
    fn character_sets_are_compared() {
        let text = "varchar(9)";
        assert_eq!(lost((text, "latin1_bin"), (text, "utf8mb4_bin")), None);
        assert_eq!(lost((text, "utf8mb4_bin"), (text, "utf8mb4_unicode_ci")), None);
        assert!(lost((text, "utf8mb4_bin"), (text, "latin1_bin")).is_some());
    }
}
