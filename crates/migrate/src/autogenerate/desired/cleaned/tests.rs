use super::*;
use crate::split::split;

fn statements(engine: Engine, text: &str) -> Vec<(usize, String)> {
    let cleaned = cleaned(engine, "a.sql", text).unwrap();
    let found = split(engine, &cleaned.text).into_iter();
    let found = found.filter(|piece| !piece.statement.is_empty());
    let found: Vec<_> = found.map(|piece| (piece.line, piece.statement.to_owned())).collect();
    assert_eq!(found.len(), cleaned.statements);
    found
}

fn warnings(engine: Engine, text: &str) -> Vec<String> {
    cleaned(engine, "a.sql", text).unwrap().warnings("a.sql").collect()
}

#[test]
fn dump_loses_its_rows_and_keeps_its_lines() {
    let dump = "\\restrict aB1\n\nCREATE TABLE a (b text);\nCOPY a (b) FROM stdin;\nit's; $$ -- \"\n\
                x\\.\n\\.\n\nCOPY a FROM STDIN WITH (FORMAT csv);\n\\.\nCREATE TABLE c (d text);\n\
                SELECT pg_catalog.setval('s', 2, true);\nALTER TABLE ONLY a OWNER TO \"me too\";\n\
                \\unrestrict aB1\n";
    let left = ["CREATE TABLE a (b text)", "CREATE TABLE c (d text)"];
    let found = statements(Engine::Postgres, dump);
    assert_eq!(found, [(3, left[0].to_owned()), (11, left[1].to_owned())]);
    let told = warnings(Engine::Postgres, dump);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("a.sql:4: `COPY a (b) FROM stdin` makes"), "{told:?}");
    assert!(told[0].ends_with("and so are 2 more like it"), "{told:?}");
    assert!(told[1].starts_with("a.sql:13: `ALTER TABLE ONLY a OWNER TO"), "{told:?}");
}

#[test]
fn backslash_in_a_text_is_no_command() {
    let text = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n\\connect\nSELECT 1 $$;\n";
    assert_eq!(statements(Engine::Postgres, text).len(), 1);
}

#[test]
fn commands_of_clients_are_refused_with_their_line() {
    for (engine, text) in [
        (Engine::Postgres, "SELECT 1;\n\\connect other\n"),
        (Engine::MySql, "SELECT 1;\n\\. other.sql\n"),
        (Engine::Sqlite, "SELECT 1;\n.read other.sql\n"),
        (Engine::MariaDb, "SELECT 1;\nSELECT '\0'"),
    ] {
        let error = cleaned(engine, "a.sql", text).unwrap_err().to_string();
        assert!(error.contains("a.sql:2: "), "{error}");
    }
}

#[test]
fn rows_of_a_virtual_table_are_part_of_it() {
    let rows = "INSERT INTO a VALUES (1);\n";
    assert!(statements(Engine::Sqlite, rows).is_empty());
    let virtual_table = format!("PRAGMA writable_schema=ON;\n{rows}");
    assert_eq!(statements(Engine::Sqlite, &virtual_table).len(), 2);
}
