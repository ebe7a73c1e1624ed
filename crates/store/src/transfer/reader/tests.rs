use time::macros::datetime;

use super::*;

const SCHEMA: i64 = 7;

/// A file with two guards, and nothing else.
fn file() -> String {
    let header = Header::new(SCHEMA, "sqlite", datetime!(2026-11-30 12:00 UTC));
    let mut text = String::from_utf8(line_of(&header)).unwrap();
    let mut tables = Vec::new();
    for table in TABLES {
        text.push_str(&String::from_utf8(line_of(&Heading::of(table))).unwrap());
        let mut summing = Summing::of(table);
        for row in ["[\"admins\",1]\n", "[\"events\",12]\n"] {
            if table.name == "guards" {
                text.push_str(row);
                summing.add(row.as_bytes());
            }
        }
        tables.push(summing.end());
    }
    let sha256 = hexadecimal(&Sha256::digest(text.as_bytes()));
    let footer = Footer { rows: 2, tables, sha256 };
    text + &String::from_utf8(line_of(&footer)).unwrap()
}

fn read(text: &str) -> Result<Vec<Piece>, FileError> {
    let told = |error| match error {
        ReadError::File(error) => error,
        ReadError::Input(error) => panic!("{error}"),
    };
    let (mut reader, _) = Reader::open(text.as_bytes(), SCHEMA).map_err(told)?;
    let mut pieces = Vec::new();
    loop {
        pieces.push(reader.next().map_err(told)?);
        if let Some(Piece::End(_)) = pieces.last() {
            return Ok(pieces);
        }
    }
}

fn problem(text: &str) -> FileProblem {
    read(text).expect_err("it is refused").problem
}

#[test]
fn an_export_is_read_whole() {
    let pieces = read(&file()).unwrap();
    let row = |name: &str, revision| {
        Piece::Row(vec![Cell::Text(name.to_owned()), Cell::Number(revision)])
    };
    assert_eq!(pieces.len(), TABLES.len() + 3);
    assert!(pieces.contains(&row("admins", 1)) && pieces.contains(&row("events", 12)));
}

#[test]
fn a_file_that_was_cut_anywhere_is_refused() {
    let text = file();
    for length in 0..text.len() {
        assert!(read(&text[..length]).is_err(), "cut at {length}");
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for left_out in 0..lines.len() {
        let mut rest = lines.clone();
        rest.remove(left_out);
        assert!(read(&rest.concat()).is_err(), "without line {}", left_out + 1);
    }
}

#[test]
fn a_file_that_was_changed_in_any_byte_is_refused() {
    let text = file();
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(read(&changed).is_err(), "changed at {at}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let text = file();
    let row = "[\"events\",12]\n";
    let line = u64::try_from(text[..text.find(row).unwrap()].lines().count()).unwrap() + 1;
    let changed = |to: &str| read(&text.replace(row, to)).expect_err("it is refused");
    for (to, problem) in [
        ("[\"events\",12 ]\n", FileProblem::Spelling),
        ("[\"events\"]\n", FileProblem::Columns("guards")),
        ("[\"admins\",12]\n", FileProblem::Order("guards")),
        ("[\"aaaaaa\",12]\n", FileProblem::Order("guards")),
        (
            "[\"events\",null]\n",
            FileProblem::Value {
                table: "guards",
                column: "revision",
                problem: super::super::ValueProblem::Null,
            },
        ),
    ] {
        assert_eq!(changed(to), FileError { line, problem }, "{to}");
    }
    assert_eq!(changed("[\"events\",13]\n").problem, FileProblem::Digest("guards"));
    let renamed = text.replace("\"revision\"]", "\"version\"]");
    assert!(matches!(problem(&renamed), FileProblem::Unexpected { .. }));
    assert_eq!(problem(&format!("{text}\n")), FileProblem::Trailing);
    assert_eq!(problem(&text.replace("sqlite", "mysql")), FileProblem::Whole);
}

#[test]
fn other_files_are_told() {
    let text = file();
    assert_eq!(problem(""), FileProblem::Truncated);
    for other in ["SQLite format 3\0\n", "{}\n", "{\"format\":\"x\",\"version\":1}\n"] {
        assert_eq!(problem(other), FileProblem::Foreign, "{other}");
    }
    assert_eq!(problem(&"x".repeat(1 << 21)), FileProblem::Foreign);
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(problem(&newer), FileProblem::Version(2));
    let other = FileProblem::Schema { found: "8".to_owned(), known: SCHEMA };
    assert_eq!(problem(&text.replacen("\"schema\":\"7\"", "\"schema\":\"8\"", 1)), other);
    let long = text.replacen("[\"admins\"", &format!("[\"{}\"", "a".repeat(1 << 21)), 1);
    assert_eq!(problem(&long), FileProblem::TooLong);
}

proptest::proptest! {
    #[test]
    fn no_line_panics(line in "\\PC{0,80}") {
        let text = file().replace("[\"events\",12]", &line);
        proptest::prop_assume!(!line.contains("[\"events\",12]"));
        proptest::prop_assert!(read(&text).is_err());
    }
}
