//! How values of one type are put into a column of another.

use crate::model::Column;

/// How `SQLite` keeps what is put into a column: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

/// What a column takes values for, in a table that is STRICT or not: there, ANY keeps them as they are, and anywhere
/// else it is a word like others <https://www.sqlite.org/stricttables.html#the_any_datatype>.
fn affinity(column: &Column, is_strict: bool) -> Affinity {
    let declared = column.data_type.as_str();
    let says = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    if says(&["INT"]) {
        Affinity::Integer
    } else if says(&["CHAR", "CLOB", "TEXT"]) {
        Affinity::Text
    } else if declared.is_empty() || says(&["BLOB"]) || is_strict && declared == "ANY" {
        Affinity::Blob
    } else if says(&["REAL", "FLOA", "DOUB"]) {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// The value of a column as it is put into the one that takes its place, in a table that was STRICT or not and is so now
/// or not. Text and bytes do not become each other when they are put into a column; numbers and texts do.
pub(super) fn carried(
    name: &str,
    (before, after): (&Column, &Column),
    strict: (bool, bool),
) -> String {
    let is_any = |column: &Column| column.data_type.is_empty() || column.data_type == "ANY";
    if is_any(after) {
        return name.to_owned();
    }
    let as_it_is = is_any(before) && !strict.1;
    let value = || if may_be_real(before, strict.0) { in_digits(name) } else { name.to_owned() };
    match (affinity(before, false), affinity(after, false)) {
        (Affinity::Text, Affinity::Blob) => format!("CAST({name} AS BLOB)"),
        (Affinity::Blob, Affinity::Text) if !as_it_is => {
            let other =
                if may_be_real(before, strict.0) { in_digits(name) } else { name.to_owned() };
            format!(
                "CASE WHEN typeof({name}) = 'blob' AND CAST(CAST({name} AS TEXT) AS BLOB) = {name} \
                 THEN CAST({name} AS TEXT) ELSE {other} END"
            )
        }
        (Affinity::Integer | Affinity::Real | Affinity::Numeric, Affinity::Blob)
            if strict.1 && !as_it_is =>
        {
            format!("CAST({} AS BLOB)", value())
        }
        (from, Affinity::Text) if from != Affinity::Text => value(),
        _ => name.to_owned(),
    }
}

/// What changes in the values of a column where bytes become texts.
pub(super) fn changed(full: &str, (before, after): (&Column, &Column)) -> Option<String> {
    let is_text = before.data_type == "BLOB" && affinity(after, false) == Affinity::Text;
    is_text.then(|| {
        format!(
            "bytes in {full} become the texts that they are in the encoding of the database, be they valid or not, \
             and numbers their digits; the way back makes bytes of all texts"
        )
    })
}

/// Whether nothing but whole numbers, and NULL, is in a column.
pub(super) fn is_whole(column: &Column, is_strict: bool) -> bool {
    is_strict && matches!(column.data_type.as_str(), "INT" | "INTEGER")
}

/// Whether a value may be a real number: in a STRICT table, one of these types alone holds them.
fn may_be_real(column: &Column, is_strict: bool) -> bool {
    !is_strict || matches!(column.data_type.as_str(), "REAL" | "ANY")
}

/// A real number with all its digits where it becomes a text: `SQLite` writes 15 of the 17 that tell one from the
/// next <https://www.sqlite.org/floatingpoint.html>.
fn in_digits(name: &str) -> String {
    format!(
        "CASE WHEN typeof({name}) = 'real' AND CAST(CAST({name} AS TEXT) AS REAL) <> {name} \
         THEN printf('%!.17g', {name}) ELSE {name} END"
    )
}

/// What is lost of the values of a column, in a table that was STRICT or not and is so now or not.
pub(super) fn lost(
    full: &str,
    (before, after): (&Column, &Column),
    strict: (bool, bool),
) -> Option<String> {
    let is_number = |affinity| !matches!(affinity, Affinity::Text | Affinity::Blob);
    // One that is declared for bytes is taken to hold them.
    let is_any = before.data_type != "BLOB";
    match (affinity(before, strict.0), affinity(after, strict.1)) {
        (Affinity::Text | Affinity::Blob, number) if is_number(number) => {
            Some(format!("how numbers are written in {full}: '007' becomes 7"))
        }
        (Affinity::Blob, Affinity::Text) if is_any => {
            Some(format!("what of {full} is no text: 5 becomes '5'"))
        }
        (Affinity::Integer | Affinity::Numeric, Affinity::Real) => {
            Some(format!("the last digits of numbers beyond 2^53 in {full}"))
        }
        _ => None,
    }
}
