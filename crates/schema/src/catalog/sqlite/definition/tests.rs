use super::*;

#[test]
fn column_properties_are_found_behind_any_type_and_default() {
    let definition = Definition::parse(
        "CREATE TABLE \"t (1)\" (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, (really)
            name varchar(20, 3) NOT NULL DEFAULT 'CHECK (x)' COLLATE nocase,
            total INTEGER GENERATED ALWAYS AS (a + (b * 2)) STORED
        )",
    )
    .unwrap();
    assert!(definition.column("ID").unwrap().auto_increment);
    assert_eq!(definition.column("name").unwrap().collation.as_deref(), Some("nocase"));
    assert_eq!(definition.column("total").unwrap().generated.as_deref(), Some("a + (b * 2)"));
    assert_eq!(definition.checks, []);
}

#[test]
fn constraint_names_stay_with_their_constraints() {
    let definition = Definition::parse(
        "CREATE TABLE t (
            a TEXT CONSTRAINT a_known NOT NULL CONSTRAINT a_short CHECK (length(a) <= 3) UNIQUE,
            b TEXT CONSTRAINT b_default DEFAULT NULL CHECK (b <> ','),
            \"check\" INTEGER,
            CONSTRAINT t_pk PRIMARY KEY (a, b)
            CONSTRAINT t_unique UNIQUE (b COLLATE nocase, a DESC)
        )",
    )
    .unwrap();
    assert_eq!(definition.primary_key_name.as_deref(), Some("t_pk"));
    let checks =
        [(Some("a_short".to_owned()), "length(a) <= 3".to_owned()), (None, "b <> ','".to_owned())];
    assert_eq!(definition.checks[..], checks);
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(definition.unique_name(&columns(&["B", "A"])).as_deref(), Some("t_unique"));
    assert_eq!(definition.uniques[0], (None, columns(&["a"])));
    assert_eq!(definition.columns.len(), 3);
}

#[test]
fn foreign_keys_keep_name_and_deferral_in_order() {
    let definition = Definition::parse(
        "CREATE TABLE t (
            a REFERENCES \"references\" (x) ON DELETE SET NULL NOT DEFERRABLE,
            b CONSTRAINT b_ref REFERENCES u DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT c_ref FOREIGN KEY (a, b) REFERENCES v (y, z) DEFERRABLE INITIALLY IMMEDIATE
        )",
    )
    .unwrap();
    let expected = [
        (None, Deferral::NotDeferrable),
        (Some("b_ref".to_owned()), Deferral::InitiallyDeferred),
        (Some("c_ref".to_owned()), Deferral::InitiallyImmediate),
    ];
    assert_eq!(definition.foreign_keys[..], expected);
}

#[test]
fn index_parts_lose_collation_and_direction_only() {
    let index = IndexDefinition::parse(
        "CREATE UNIQUE INDEX IF NOT EXISTS \"on\" ON [t] (lower( name ) COLLATE binary DESC, b) WHERE b > 0",
    )
    .unwrap();
    assert_eq!(index.parts, ["lower( name )", "b"]);
    assert_eq!(index.predicate.as_deref(), Some("b > 0"));
}

#[test]
fn text_without_a_body_is_refused() {
    assert!(Definition::parse("CREATE TABLE t").is_err());
    assert!(Definition::parse("CREATE TABLE t (a").is_err());
    assert!(IndexDefinition::parse("CREATE INDEX i").is_err());
}
