use super::*;
use crate::model::{Deferral, Identity};

fn parsed(sql: &str) -> CreateTable {
    CreateTable::parse(sql).unwrap()
}

#[test]
fn column_properties_are_found_behind_any_type_and_default() {
    let table = parsed(
        "CREATE TABLE \"t (1)\" (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, (really)
            name varchar(20,3) NOT NULL DEFAULT 'CHECK (x)' COLLATE NoCase,
            total INTEGER GENERATED ALWAYS AS (a + (b * 2)) STORED,
            a DOUBLE  PRECISION DEFAULT -1, b DEFAULT now, c DEFAULT (NULL)
        )",
    )
    .table;
    let column = |name: &str| table.column(name).unwrap();
    assert_eq!(column("id").identity, Some(Identity::AutoIncrement));
    assert_eq!(column("name").collation.as_deref(), Some("nocase"));
    assert_eq!(column("name").data_type, "VARCHAR(20, 3)");
    assert_eq!(column("total").generated.as_ref().unwrap().expression, "a + (b * 2)");
    assert_eq!(column("a").data_type, "DOUBLE PRECISION");
    let defaults: Vec<_> = ["a", "b", "c"].map(|name| column(name).default.as_deref()).into();
    assert_eq!(defaults, [Some("-1"), Some("'now'"), None]);
    assert_eq!(table.checks, []);
}

#[test]
fn constraint_names_stay_with_their_constraints() {
    let table = parsed(
        "CREATE TABLE t (
            a TEXT CONSTRAINT a_known NOT NULL CONSTRAINT a_short CHECK (length(a) <= 3) UNIQUE,
            b TEXT CONSTRAINT b_default DEFAULT NULL CHECK (b <> ','),
            \"check\" INTEGER,
            CONSTRAINT t_pk PRIMARY KEY (a, b)
            CONSTRAINT t_unique UNIQUE (b COLLATE nocase, A DESC)
        )",
    )
    .table;
    assert_eq!(table.primary_key.as_ref().unwrap().name.as_deref(), Some("t_pk"));
    let checks: Vec<_> =
        table.checks.iter().map(|check| (check.name.as_deref(), &*check.expression)).collect();
    assert_eq!(checks, [(None, "b <> ','"), (Some("a_short"), "length(a) <= 3")]);
    let uniques: Vec<_> = table
        .uniques
        .iter()
        .map(|unique| (unique.name.as_deref(), unique.columns.join(" ")))
        .collect();
    assert_eq!(uniques, [(None, "a".to_owned()), (Some("t_unique"), "b a".to_owned())]);
    assert_eq!(table.options.parameters["UNIQUE (b, a)"], "b COLLATE nocase, a DESC");
    assert_eq!(table.columns.len(), 3);
}

#[test]
fn foreign_keys_keep_name_and_deferral() {
    let table = parsed(
        "CREATE TABLE t (
            a REFERENCES \"references\" (x) ON DELETE SET NULL NOT DEFERRABLE INITIALLY DEFERRED,
            b CONSTRAINT b_ref REFERENCES u DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT c_ref FOREIGN KEY (a, b) REFERENCES v (y, z) DEFERRABLE INITIALLY IMMEDIATE
        )",
    )
    .table;
    let mut keys: Vec<_> =
        table.foreign_keys.iter().map(|key| (key.name.as_deref(), key.deferral)).collect();
    keys.sort();
    let expected = [
        (None, Deferral::NotDeferrable),
        (Some("b_ref"), Deferral::InitiallyDeferred),
        (Some("c_ref"), Deferral::InitiallyImmediate),
    ];
    assert_eq!(keys, expected);
}

#[test]
fn where_a_constraint_stands_makes_no_difference() {
    let one =
        parsed("CREATE TABLE t (a INT CHECK (a > 0) UNIQUE REFERENCES u (b), c text DEFAULT (0))");
    let other = parsed(
        "CREATE TABLE \"t\" (A int, [c] TEXT DEFAULT 0, FOREIGN KEY(a) REFERENCES \"u\"(b), \
         UNIQUE (a ASC), CHECK (\"a\">0))",
    );
    assert_eq!(
        one.table.checks,
        other
            .table
            .checks
            .iter()
            .map(|check| {
                let expression = check.expression.to_ascii_lowercase().replace('"', "");
                crate::model::Check { expression, ..check.clone() }
            })
            .collect::<Vec<_>>()
    );
    assert_eq!(one.table.columns[1], other.table.columns[1]);
    assert_eq!(one.table.uniques.len(), other.table.uniques.len());
}

#[test]
fn only_a_lone_integer_key_numbers_the_rows() {
    for (sql, number) in [
        ("CREATE TABLE t (a INTEGER PRIMARY KEY)", Some("a")),
        ("CREATE TABLE t (a integer, PRIMARY KEY (a DESC))", Some("a")),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)", None),
        ("CREATE TABLE t (a INT PRIMARY KEY)", None),
        ("CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))", None),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID", None),
    ] {
        assert_eq!(parsed(sql).row_number(), number, "{sql}");
    }
}

#[test]
fn conflict_clauses_are_told() {
    let table = parsed(
        "CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE, b INT UNIQUE ON CONFLICT REPLACE, \
         PRIMARY KEY (a) ON CONFLICT ABORT)",
    )
    .table;
    assert_eq!(table.columns[0].attributes["NOT NULL"], "ON CONFLICT IGNORE");
    assert_eq!(table.options.parameters["UNIQUE (b)"], "ON CONFLICT REPLACE");
    assert_eq!(table.options.parameters.len(), 1);
}

#[test]
fn new_columns_come_before_the_constraints() {
    for sql in
        ["CREATE TABLE t (a INT, b DEFAULT (1)|, UNIQUE (a))", "CREATE TABLE t (a INT\n|) STRICT"]
    {
        let at = sql.find('|').unwrap();
        assert_eq!(parsed(&sql.replace('|', "")).end_of_columns, at, "{sql}");
    }
}

#[test]
fn text_without_a_body_is_refused() {
    assert!(CreateTable::parse("CREATE TABLE t").is_err());
    assert!(CreateTable::parse("CREATE TABLE t (a").is_err());
}
