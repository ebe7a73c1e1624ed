use std::collections::BTreeMap;

use super::*;

fn parse(sql: &str) -> Result<Renames, AnnotationError> {
    Annotations::parse(Dialect::Postgres, sql).map(|annotations| annotations.renames)
}

fn table(old: &str, new: &str) -> (Name, Name) {
    (old.into(), new.into())
}

fn column(table: &str, old: &str, new: &str) -> ((Name, String), String) {
    ((table.into(), old.to_owned()), new.to_owned())
}

#[test]
fn annotations_stand_behind_or_above_what_they_name() {
    let sql = "-- @renamed from=people\n\
               CREATE TABLE users (\n\
               \x20   id INT PRIMARY KEY,\n\
               \x20   -- @renamed from=\"Full Name\"\n\
               \x20   name TEXT, mail TEXT NOT NULL, -- @renamed from=email\n\
               \x20   CHECK (id > 0)\n\
               );\n\
               CREATE TABLE IF NOT EXISTS \"Orders\" ( -- @renamed from=bought\n\
               total NUMERIC(10, 2) -- @renamed from=sum\n\
               );";
    let renames = parse(sql).unwrap();
    let tables = [table("people", "users"), table("bought", "Orders")];
    assert_eq!(renames.tables, BTreeMap::from(tables));
    let columns = [
        column("users", "Full Name", "name"),
        column("users", "email", "mail"),
        column("Orders", "sum", "total"),
    ];
    assert_eq!(renames.columns, BTreeMap::from(columns));
}

#[test]
fn other_schemas_are_kept_apart() {
    for written in ["audit.log", "\"audit\".\"log\"", "audit.\"log\"", "\"audit\".log"] {
        let renames =
            parse(&format!("CREATE TABLE {written} (a INT); -- @renamed from=trail")).unwrap();
        let expected = (Name::in_schema("audit", "trail"), Name::in_schema("audit", "log"));
        assert_eq!(renames.tables, BTreeMap::from([expected]), "{written}");
    }
    let renames = parse("CREATE TABLE public.users (a INT); -- @renamed from=people").unwrap();
    assert_eq!(renames.tables, BTreeMap::from([table("people", "users")]));
}

#[test]
fn texts_and_block_comments_hold_no_annotations() {
    let sql =
        "CREATE TABLE t (a TEXT DEFAULT '\n-- @renamed from=b\n' /*\n-- @renamed from=c\n*/);";
    assert_eq!(parse(sql).unwrap(), Renames::default());
}

#[test]
fn old_name_is_claimed_once() {
    let sql = "\u{feff}CREATE TABLE t (\nb INT, -- @renamed from=a\nc INT -- @renamed from=a\n);";
    let twice = AnnotationError::Twice { line: 3, old: "a".to_owned() };
    assert_eq!(parse(sql), Err(twice));
}

#[test]
fn annotation_that_says_nothing_is_named_with_its_line() {
    let form = |line| Err(AnnotationError::Form { line });
    assert_eq!(parse("\nCREATE TABLE t (a INT); -- @renamed form=b"), form(2));
    assert_eq!(parse("CREATE TABLE t (a INT); -- @renamed from="), form(1));
    assert_eq!(parse("CREATE TABLE t (a INT); -- @renamed from=Old Name"), form(1));
    let nothing = Err(AnnotationError::Nothing { line: 2 });
    assert_eq!(parse("CREATE TABLE t (a INT\n); -- @renamed from=b"), nothing);
}

#[test]
fn table_may_come_from_another_schema() {
    let renames = |sql: &str| Annotations::parse(Dialect::Postgres, sql).unwrap().renames.tables;
    let moved = renames("CREATE TABLE s.t (a INT); -- @renamed from=public.old");
    assert_eq!(moved, [(Name::local("old"), Name::in_schema("s", "t"))].into());
    let moved = renames("CREATE TABLE t (a INT); -- @renamed from=\"My S\".\"o.l\"\"d\"");
    assert_eq!(moved, [(Name::in_schema("My S", "o.l\"d"), Name::local("t"))].into());
    let column = "CREATE TABLE t (\na INT -- @renamed from=s.a\n);";
    assert!(Annotations::parse(Dialect::Postgres, column).is_err());
}

#[test]
fn sequence_is_marked_on_postgres() {
    let sql = "CREATE SEQUENCE s.b; -- @renamed from=a\n";
    let found = Annotations::parse(Dialect::Postgres, sql).unwrap().renames.sequences;
    assert_eq!(found, BTreeMap::from([(Name::in_schema("s", "a"), Name::in_schema("s", "b"))]));
    let with_table = "-- @renamed from=a\nCREATE SEQUENCE q; CREATE TABLE t (b int);";
    let found = Annotations::parse(Dialect::Postgres, with_table).unwrap().renames;
    assert_eq!(found.tables, BTreeMap::from([(Name::local("a"), Name::local("t"))]));
    let elsewhere = Annotations::parse(Dialect::MariaDb, sql);
    assert_eq!(elsewhere, Err(AnnotationError::Nothing { line: 1 }));
    let moved = Annotations::parse(Dialect::Postgres, "CREATE SEQUENCE b; -- @renamed from=s.a");
    assert_eq!(moved, Err(AnnotationError::Form { line: 1 }));
}

#[test]
fn sequence_is_no_reserved_word() {
    for made in
        ["INDEX sequence ON t (b)", "VIEW sequence AS SELECT 1", "UNIQUE INDEX sequence ON t (b)"]
    {
        let found = Annotations::parse(
            Dialect::Postgres,
            &format!("CREATE {made}; CREATE TABLE t (b int); -- @renamed from=a\n"),
        );
        let renames = found.unwrap().renames;
        assert!(renames.sequences.is_empty(), "{renames:?}");
        let alone = format!("CREATE {made}; -- @renamed from=a\n");
        let refused = Annotations::parse(Dialect::Postgres, &alone);
        assert_eq!(refused, Err(AnnotationError::Nothing { line: 1 }), "{made}");
    }
    let made = "CREATE UNLOGGED SEQUENCE IF NOT EXISTS b; -- @renamed from=a\n";
    let found = Annotations::parse(Dialect::Postgres, made).unwrap().renames.sequences;
    assert_eq!(found, BTreeMap::from([(Name::local("a"), Name::local("b"))]));
}
